/* container_id_in_cgroup: /proc/PID/cgroup of any process. */
#include "container.h"
#include "fuzz.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *cgroup = fuzz_string(data, size);
	char id[CONTAINER_ID_LENGTH + 1];

	if (container_id_in_cgroup(cgroup, id) == 0) {
		REQUIRE(strspn(id, "0123456789abcdef") == CONTAINER_ID_LENGTH);
		REQUIRE(id[CONTAINER_ID_LENGTH] == '\0');
		REQUIRE(strstr(cgroup, id));
	}
	free(cgroup);
	return 0;
}
