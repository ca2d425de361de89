/* Lists of CPUs. */
#include "cpus.h"
#include "util.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int parse_cpu(const char **s, unsigned long *n)
{
	char *end;

	if (!isdigit((unsigned char)**s))
		return -1;
	*n = strtoul(*s, &end, 10);
	*s = end;
	return *n < MAX_CPUS ? 0 : -1;
}

int cpus_parse(const char *list, bool cpus[MAX_CPUS])
{
	int count = 0;

	memset(cpus, 0, MAX_CPUS * sizeof(*cpus));
	while (*list) {
		unsigned long from, to;

		if (parse_cpu(&list, &from))
			return -1;
		to = from;
		if (*list == '-') {
			list++;
			if (parse_cpu(&list, &to) || to < from)
				return -1;
		}
		for (unsigned long n = from; n <= to; n++) {
			count += !cpus[n];
			cpus[n] = true;
		}
		if (*list == ',' && list[1])
			list++;
		else if (*list)
			return -1;
	}
	return count;
}

int cpus_online(bool cpus[MAX_CPUS])
{
	char list[4096];
	int n;

	if (read_line("/sys/devices/system/cpu/online", list, sizeof(list)))
		return -1;
	n = cpus_parse(list, cpus);
	if (n <= 0) {
		errno = EINVAL;
		return -1;
	}
	return n;
}
