/* tracefs_parse_offset: the first line is the field, the rest the format. */
#include "fuzz.h"
#include "tracefs.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *field = fuzz_string(data, size), *format;
	size_t len = strcspn(field, "\n");
	int offset;

	format = size ? fuzz_string(data + len, size - len) : fuzz_string(data, 0);
	field[len] = '\0';
	offset = tracefs_parse_offset(format, field);
	REQUIRE(offset >= -1 && offset < 4096);
	free(field);
	free(format);
	return 0;
}
