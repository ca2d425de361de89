/* ksyms_scan_block: the first eight bytes are the address, the rest lines of kallsyms. */
#include "fuzz.h"
#include "ksyms.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ksym sym = {.offset = 0};
	struct ksyms_scan s = {.to = &sym};
	uint8_t *text;
	size_t done;

	if (size < sizeof(s.address))
		return 0;
	memcpy(&s.address, data, sizeof(s.address));
	size -= sizeof(s.address);
	text = fuzz_bytes(data + sizeof(s.address), size);
	done = ksyms_scan_block(&s, (char *)text, size);
	REQUIRE(done <= size && !memchr(text + done, '\n', size - done));
	REQUIRE(!done || text[done - 1] == '\n');
	REQUIRE(s.best <= s.address);
	REQUIRE(memchr(sym.name, '\0', sizeof(sym.name)));
	REQUIRE(memchr(sym.module, '\0', sizeof(sym.module)));
	ksym_is(&sym, "ip_rcv");
	free(text);
	return 0;
}
