/* Compiler arguments from a ping's identity. */
#include "probe_defines.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void probe_defines_fill(struct probe_defines *d, const struct ping_identity *who)
{
	uint8_t mask_bytes[COOKIE_BYTES] = {0};
	uint64_t cookie, mask;

	memset(mask_bytes, 0xff, who->size < COOKIE_BYTES ? who->size : COOKIE_BYTES);
	memcpy(&cookie, who->cookie, sizeof(cookie));
	memcpy(&mask, mask_bytes, sizeof(mask));
	snprintf(d->text[0], sizeof(d->text[0]), "-DTP_ID=0x%04x", htons(who->id));
	snprintf(d->text[1], sizeof(d->text[1]), "-DTP_COOKIE=0x%016" PRIx64 "ULL", cookie);
	snprintf(d->text[2], sizeof(d->text[2]), "-DTP_COOKIE_MASK=0x%016" PRIx64 "ULL", mask);
	for (int i = 0; i < 3; i++)
		d->list[i] = d->text[i];
	d->list[3] = NULL;
}
