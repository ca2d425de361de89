/* Runs the suites: all, or those that are named on the command line. */
#include "suites.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	Suite *(*make)(void);
} suites[] = {
#define SUITE(name) {#name, name##_suite},
#include "suites.def"
#undef SUITE
};

#define N_SUITES (sizeof(suites) / sizeof(suites[0]))

static void add_all(SRunner *runner)
{
	for (size_t i = 0; i < N_SUITES; i++)
		srunner_add_suite(runner, suites[i].make());
}

static int add_named(SRunner *runner, const char *name)
{
	for (size_t i = 0; i < N_SUITES; i++)
		if (strcmp(suites[i].name, name) == 0) {
			srunner_add_suite(runner, suites[i].make());
			return 0;
		}
	fprintf(stderr, "no suite '%s'\n", name);
	return -1;
}

int main(int argc, char **argv)
{
	SRunner *runner = srunner_create(NULL);
	int failed = 0;

	if (argc < 2)
		add_all(runner);
	for (int i = 1; i < argc; i++)
		failed |= add_named(runner, argv[i]);
	if (!failed) {
		srunner_run_all(runner, CK_NORMAL);
		failed = srunner_ntests_failed(runner) != 0 || srunner_ntests_run(runner) == 0;
	}
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
