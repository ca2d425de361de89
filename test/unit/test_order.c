/* order: events of several CPUs come out in the order of their time. */
#include "order.h"
#include "record.h"
#include "suites.h"
#include "support.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define MANY 10000

struct emitted {
	struct event events[MANY];
	size_t n;
};

static void take(void *ctx, const struct event *e)
{
	struct emitted *out = ctx;

	ck_assert_uint_lt(out->n, MANY);
	out->events[out->n++] = *e;
}

static void add(struct order *o, uint64_t time_ns, uint32_t mark)
{
	struct event e = {.time_ns = time_ns, .size = sizeof(e), .extra = mark};

	ck_assert_int_eq(order_add(o, &e), 0);
}

static void expect_marks(const struct emitted *out, const char *marks)
{
	char seen[64] = "";

	ck_assert_uint_lt(out->n, sizeof(seen));
	for (size_t i = 0; i < out->n; i++)
		seen[i] = (char)out->events[i].extra;
	ck_assert_str_eq(seen, marks);
}

static struct order *order;
static struct emitted *out;

static void set_up(void)
{
	out = calloc(1, sizeof(*out));
	order = order_new(take, out);
	ck_assert_ptr_nonnull(out);
	ck_assert_ptr_nonnull(order);
}

static void tear_down(void)
{
	order_free(order);
	free(out);
}

START_TEST(test_empty)
{
	ck_assert_uint_eq(order_pending(order), 0);
	order_flush(order, UINT64_MAX);
	ck_assert_uint_eq(out->n, 0);
	order_free(NULL);
}
END_TEST

START_TEST(test_shuffled)
{
	add(order, 30, 'c');
	add(order, 10, 'a');
	add(order, 50, 'e');
	add(order, 20, 'b');
	add(order, 40, 'd');
	ck_assert_uint_eq(order_pending(order), 5);
	ck_assert_uint_eq(out->n, 0);
	order_flush(order, 50);
	expect_marks(out, "abcde");
	ck_assert_uint_eq(order_pending(order), 0);
}
END_TEST

START_TEST(test_equal_times_as_they_came)
{
	add(order, 20, 'x');
	for (uint32_t i = 0; i < 20; i++)
		add(order, 10, 'a' + i);
	order_flush(order, 20);
	expect_marks(out, "abcdefghijklmnopqrstx");
}
END_TEST

START_TEST(test_watermark)
{
	add(order, 10, 'a');
	add(order, 11, 'b');
	add(order, 12, 'c');
	order_flush(order, 9);
	expect_marks(out, "");
	order_flush(order, 11);
	expect_marks(out, "ab");
	ck_assert_uint_eq(order_pending(order), 1);
	order_flush(order, 11);
	expect_marks(out, "ab");
	add(order, 5, 'd'); /* late: comes out at once, for it cannot be put back in time */
	order_flush(order, 11);
	expect_marks(out, "abd");
	order_flush(order, UINT64_MAX);
	expect_marks(out, "abdc");
}
END_TEST

START_TEST(test_extreme_times)
{
	add(order, UINT64_MAX, 'b');
	add(order, 0, 'a');
	order_flush(order, 0);
	expect_marks(out, "a");
	order_flush(order, UINT64_MAX - 1);
	expect_marks(out, "a");
	order_flush(order, UINT64_MAX);
	expect_marks(out, "ab");
}
END_TEST

/* Random times with many equal ones, flushed in between; order and stability are checked. */
START_TEST(test_many)
{
	unsigned int state = 2463534242;
	uint64_t base = 0;

	for (uint32_t i = 0; i < MANY; i++) {
		add(order, base + next_random(&state) % 500, i);
		if (i % 1000 == 999) {
			order_flush(order, base + 499);
			ck_assert_uint_eq(order_pending(order), 0);
			base += 500;
		}
	}
	ck_assert_uint_eq(out->n, MANY);
	for (size_t i = 1; i < MANY; i++) {
		const struct event *a = &out->events[i - 1], *b = &out->events[i];

		ck_assert_uint_le(a->time_ns, b->time_ns);
		if (a->time_ns == b->time_ns)
			ck_assert_uint_lt(a->extra, b->extra);
	}
}
END_TEST

START_TEST(test_freed_while_holding)
{
	for (uint32_t i = 0; i < 200; i++)
		add(order, 1000 - i, i);
	ck_assert_uint_eq(order_pending(order), 200);
}
END_TEST

/*
 * Device and chain events together: each comes out as it went in, whatever its size. The events are
 * allocated exactly, so that AddressSanitizer sees it if more than the event is read.
 */
static void add_exact(struct order *o, uint64_t time_ns, uint32_t mark, bool chain)
{
	size_t size = chain ? sizeof(struct event_chain) : sizeof(struct event);
	struct event *e = malloc(size);

	ck_assert_ptr_nonnull(e);
	memset(e, (int)(mark & 0xff), size);
	e->time_ns = time_ns;
	e->size = (__u32)size;
	e->dir = chain ? EVENT_CHAIN : EVENT_TX;
	e->extra = mark;
	ck_assert_int_eq(order_add(o, e), 0);
	free(e);
}

struct mixed {
	uint64_t last_time;
	uint32_t last_mark;
	size_t n_devices, n_chains;
};

static void take_mixed(void *ctx, const struct event *e)
{
	struct mixed *m = ctx;
	const unsigned char *bytes = (const unsigned char *)e;

	ck_assert_uint_ge(e->time_ns, m->last_time);
	if (m->n_devices + m->n_chains && e->time_ns == m->last_time)
		ck_assert_uint_gt(e->extra, m->last_mark);
	m->last_time = e->time_ns;
	m->last_mark = e->extra;
	ck_assert_int_eq(e->dir, e->extra % 3 == 0 ? EVENT_CHAIN : EVENT_TX);
	ck_assert_uint_eq(e->size, record_size(e));
	for (size_t i = offsetof(struct event, saddr); i < e->size; i++)
		ck_assert_uint_eq(bytes[i], e->extra & 0xff);
	if (e->dir == EVENT_CHAIN)
		m->n_chains++;
	else
		m->n_devices++;
}

START_TEST(test_mixed_sizes)
{
	struct mixed m = {0};
	struct order *o = order_new(take_mixed, &m);
	unsigned int state = 88172645;

	ck_assert_ptr_nonnull(o);
	for (uint32_t i = 0; i < 3000; i++) {
		add_exact(o, i / 500 * 100 + next_random(&state) % 100, i, i % 3 == 0);
		if (i % 500 == 499)
			order_flush(o, i / 500 * 100 + 50);
	}
	ck_assert_uint_gt(order_pending(o), 0);
	order_flush(o, UINT64_MAX);
	ck_assert_uint_eq(m.n_chains, 1000);
	ck_assert_uint_eq(m.n_devices, 2000);
	order_free(o);
}
END_TEST

Suite *order_suite(void)
{
	Suite *s = suite_create("order");
	TCase *c = tcase_create("order");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, test_empty);
	tcase_add_test(c, test_shuffled);
	tcase_add_test(c, test_equal_times_as_they_came);
	tcase_add_test(c, test_watermark);
	tcase_add_test(c, test_extreme_times);
	tcase_add_test(c, test_many);
	tcase_add_test(c, test_freed_while_holding);
	tcase_add_test(c, test_mixed_sizes);
	suite_add_tcase(s, c);
	return s;
}
