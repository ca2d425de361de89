/* ident: the probe text, which may be the user's. */
#include "fuzz.h"
#include "ident.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"", "sk_buff", "struct", "x", "define"};
	char *text = fuzz_string(data, size);
	struct ident_table *t = ident_table_new(text);

	free(text); /* the table has its own */
	REQUIRE(t);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		REQUIRE(ident_table_use(t, names[i]) < 32);
	REQUIRE(ident_table_use(t, "") == 0);
	REQUIRE(ident_table_use(t, "struct") <= IDENT_DEFINED);
	ident_table_free(t);
	return 0;
}
