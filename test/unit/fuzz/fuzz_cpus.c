/* cpus_parse: lists of CPUs. */
#include "cpus.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool cpus[MAX_CPUS];
	char *list = fuzz_string(data, size);
	int n = cpus_parse(list, cpus), all = 0;

	free(list);
	for (int i = 0; i < MAX_CPUS; i++)
		all += cpus[i];
	REQUIRE(n == -1 || n == all);
	return 0;
}
