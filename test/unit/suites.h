/* Every test file offers one suite; suites.def lists them. */
#ifndef TRACEPKT_TEST_SUITES_H
#define TRACEPKT_TEST_SUITES_H

#include <check.h>

#define SUITE(name) Suite *name##_suite(void);
#include "suites.def"
#undef SUITE

#endif
