/* gaps: rows that are held, measured and let go of. */
#include "gaps.h"
#include "report_support.h"
#include "suites.h"
#include "support.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What came out, a word a row: SEQ/TIME+GAP, with < behind the longest. */
struct out {
	FILE *f;
	char *text;
	size_t size;
	size_t rows;
};

static void emit(void *ctx, const struct hop *h)
{
	struct out *out = ctx;

	fprintf(out->f, "%" PRIu64 "/%" PRIu64 "+%" PRIu64 "%s ", h->seq, h->time_ns, h->gap_ns,
		h->longest ? "<" : "");
	out->rows++;
}

static void out_open(struct out *out)
{
	*out = (struct out){0};
	out->f = open_memstream(&out->text, &out->size);
	ck_assert_ptr_nonnull(out->f);
}

/* Asserts what came out since the last time. */
static void expect_out(struct out *out, const char *expected)
{
	fclose(out->f);
	ck_assert_str_eq(out->text, expected);
	free(out->text);
	out_open(out);
}

static void out_close(struct out *out)
{
	fclose(out->f);
	free(out->text);
}

static void add(struct gaps *g, uint64_t seq, uint64_t time_ns)
{
	struct hop h = sample_hop(EVENT_REQUEST);

	h.seq = seq;
	h.time_ns = time_ns;
	h.gap_ns = 77; /* whatever they were */
	h.longest = true;
	ck_assert_int_eq(gaps_add(g, &h), 0);
}

static struct gaps *gaps_to(struct out *out)
{
	struct gaps *g;

	out_open(out);
	g = gaps_new(emit, out);
	ck_assert_ptr_nonnull(g);
	return g;
}

static const struct {
	uint64_t times[5];
	int n;
	const char *out;
} pings[] = {
	{{5}, 1, "1/5+5< "},
	{{0}, 1, "1/0+0< "},
	{{5, 20, 22}, 3, "1/5+5 1/20+15< 1/22+2 "},
	{{50, 70, 90}, 3, "1/50+50< 1/70+20 1/90+20 "},
	{{1, 11, 21, 31}, 4, "1/1+1 1/11+10< 1/21+10 1/31+10 "}, /* the first of several */
	{{0, 0, 0}, 3, "1/0+0< 1/0+0 1/0+0 "},
	{{1, 2, 4, 8, 16}, 5, "1/1+1 1/2+1 1/4+2 1/8+4 1/16+8< "},
	{{9, 8, 10}, 3, "1/9+9< 1/8+0 1/10+2 "}, /* time that runs backwards is no gap */
	{{UINT64_MAX}, 1, "1/18446744073709551615+18446744073709551615< "},
};

START_TEST(test_ping)
{
	struct out out;
	struct gaps *g = gaps_to(&out);

	for (int i = 0; i < pings[_i].n; i++)
		add(g, 1, pings[_i].times[i]);
	expect_out(&out, "");
	ck_assert_int_eq((int)gaps_pending(g), pings[_i].n);
	gaps_close(g, 1);
	expect_out(&out, pings[_i].out);
	ck_assert_uint_eq(gaps_pending(g), 0);
	gaps_close(g, 1);
	gaps_finish(g);
	expect_out(&out, "");
	gaps_free(g);
	out_close(&out);
}
END_TEST

/* Pings are measured apart, in whatever order they begin and end. */
START_TEST(test_several)
{
	struct out out;
	struct gaps *g = gaps_to(&out);

	add(g, 7, 1);
	add(g, 3, 5);
	add(g, 5, 2);
	add(g, 7, 9);
	add(g, 3, 6);
	gaps_close(g, 4);
	expect_out(&out, "");
	gaps_close(g, 5);
	expect_out(&out, "5/2+2< ");
	add(g, 4, 8);
	add(g, UINT64_MAX, 8);
	gaps_close(g, 3);
	expect_out(&out, "3/5+5< 3/6+1 ");
	add(g, 7, 10);
	gaps_close(g, 7);
	expect_out(&out, "7/1+1 7/9+8< 7/10+1 ");
	gaps_close(g, UINT64_MAX);
	gaps_close(g, 4);
	expect_out(&out, "18446744073709551615/8+8< 4/8+8< ");
	gaps_free(g);
	out_close(&out);
}
END_TEST

START_TEST(test_finish)
{
	struct out out;
	struct gaps *g = gaps_to(&out);

	gaps_finish(g);
	expect_out(&out, "");
	add(g, 9, 1);
	add(g, 2, 1);
	add(g, 9, 3);
	add(g, 4, 1);
	add(g, 2, 4);
	gaps_finish(g);
	expect_out(&out, "2/1+1 2/4+3< 4/1+1< 9/1+1 9/3+2< ");
	ck_assert_uint_eq(gaps_pending(g), 0);
	add(g, 2, 6); /* it may go on, with nothing of before */
	gaps_finish(g);
	expect_out(&out, "2/6+6< ");
	gaps_free(g);
	out_close(&out);
}
END_TEST

/* What is held goes with it. */
START_TEST(test_free)
{
	struct out out;
	struct gaps *g = gaps_to(&out);

	add(g, 1, 1);
	add(g, 1, 2);
	add(g, 2, 1);
	gaps_free(g);
	gaps_free(NULL);
	expect_out(&out, "");
	out_close(&out);
}
END_TEST

/* For one row more than may be held, the oldest ping goes, and can go on afterwards. */
START_TEST(test_bound)
{
	struct out out;
	struct gaps *g = gaps_to(&out);

	add(g, 3, 10);
	add(g, 2, 10);
	add(g, 2, 15);
	for (int i = 3; i < GAPS_MAX_ROWS; i++)
		add(g, 5, 1);
	expect_out(&out, "");
	ck_assert_uint_eq(gaps_pending(g), GAPS_MAX_ROWS);
	add(g, 4, 1);
	expect_out(&out, "2/10+10< 2/15+5 ");
	ck_assert_uint_eq(gaps_pending(g), GAPS_MAX_ROWS - 1);
	add(g, 2, 17); /* makes it full, and is not the longest */
	add(g, 2, 28); /* lets go of ping 2 once more */
	expect_out(&out, "2/17+2 ");
	gaps_close(g, 2);
	expect_out(&out, "2/28+11< "); /* longer than what was out already */
	add(g, 4, 2);
	expect_out(&out, "");
	add(g, 4, 3);
	expect_out(&out, "3/10+10< ");
	gaps_close(g, 4);
	expect_out(&out, "4/1+1< 4/2+1 4/3+1 ");
	gaps_close(g, 5);
	ck_assert_uint_eq(gaps_pending(g), 0);
	gaps_free(g);
	out_close(&out);
}
END_TEST

/* A ping of which nothing is held any more is passed over. */
START_TEST(test_bound_passes_over)
{
	struct out out;
	struct gaps *g = gaps_to(&out);

	add(g, 1, 5);
	add(g, 2, 6);
	for (int i = 2; i < GAPS_MAX_ROWS; i++)
		add(g, 3, 1);
	add(g, 3, 1);
	expect_out(&out, "1/5+5< ");
	add(g, 3, 1);
	expect_out(&out, "2/6+6< ");
	ck_assert_uint_eq(gaps_pending(g), GAPS_MAX_ROWS);
	gaps_close(g, 1);
	gaps_close(g, 2);
	expect_out(&out, "");
	gaps_free(g);
	out_close(&out);
}
END_TEST

/* One ping alone may fill it, too. */
START_TEST(test_bound_of_one)
{
	struct out out;
	struct gaps *g = gaps_to(&out);

	for (int i = 0; i < 2 * GAPS_MAX_ROWS; i++)
		add(g, 1, 5);
	ck_assert_uint_eq(out.rows, GAPS_MAX_ROWS);
	add(g, 1, 5);
	ck_assert_uint_eq(out.rows, 2 * GAPS_MAX_ROWS);
	ck_assert_uint_eq(gaps_pending(g), 1);
	fflush(out.f);
	ck_assert_ptr_nonnull(strstr(out.text, "1/5+5< 1/5+0 "));
	ck_assert_ptr_eq(strchr(out.text, '<'), strrchr(out.text, '<'));
	gaps_finish(g);
	gaps_free(g);
	out_close(&out);
}
END_TEST

static void check_copy(void *ctx, const struct hop *h)
{
	*(bool *)ctx = true;
	ck_assert_str_eq(h->netns_name, "box");
	ck_assert_str_eq(h->drop.reason_name, "NETFILTER_DROP");
	ck_assert_str_eq(h->drop.location_name, "nf_hook_slow+0xa1");
	ck_assert_str_eq(h->probe, "kfree_skb");
	ck_assert_str_eq(h->ifname, "eth0");
	ck_assert_str_eq(h->tunnel.ifname, "vxlan0");
	ck_assert_int_eq(h->dir, EVENT_END);
	ck_assert_uint_eq(h->ttl, 9);
}

/* The strings may be gone when a row comes out. */
START_TEST(test_strings)
{
	bool called = false;
	struct gaps *g = gaps_new(check_copy, &called);
	struct hop h = sample_drop(EVENT_END);
	char netns[] = "box", reason[] = "NETFILTER_DROP", location[] = "nf_hook_slow+0xa1";

	h.netns_name = netns;
	h.drop.reason_name = reason;
	h.drop.location_name = location;
	h.ttl = 9;
	set_tunnel(&h);
	ck_assert_int_eq(gaps_add(g, &h), 0);
	memset(netns, 'x', sizeof(netns));
	memset(reason, 'x', sizeof(reason));
	memset(location, 'x', sizeof(location));
	memset(&h, 0xff, sizeof(h));
	gaps_close(g, 1);
	ck_assert(called);
	gaps_free(g);
}
END_TEST

static void check_no_strings(void *ctx, const struct hop *h)
{
	*(bool *)ctx = true;
	ck_assert_ptr_null(h->netns_name);
	ck_assert_ptr_null(h->drop.reason_name);
	ck_assert_str_eq(h->drop.location_name, "");
}

START_TEST(test_no_strings)
{
	bool called = false;
	struct gaps *g = gaps_new(check_no_strings, &called);
	struct hop h = sample_drop(EVENT_END);

	h.drop.location_name = "";
	ck_assert_int_eq(gaps_add(g, &h), 0);
	gaps_finish(g);
	ck_assert(called);
	gaps_free(g);
}
END_TEST

/* Many pings at random, against what is simple. */
START_TEST(test_random)
{
	static uint64_t times[100], rows[100];
	unsigned int state = 1;
	uint64_t expected = 0;
	struct out out;
	struct gaps *g = gaps_to(&out);

	for (int i = 0; i < 20000; i++) {
		unsigned int seq = next_random(&state) % N_OF(times);

		if (next_random(&state) % 16 == 0) {
			gaps_close(g, seq + 1);
			expected += rows[seq];
			times[seq] = rows[seq] = 0;
			ck_assert_uint_eq(out.rows, expected);
			continue;
		}
		times[seq] += next_random(&state) % 50;
		rows[seq]++;
		add(g, seq + 1, times[seq]);
	}
	gaps_finish(g);
	for (int i = 0; i < N_OF(rows); i++)
		expected += rows[i];
	ck_assert_uint_eq(out.rows, expected);
	gaps_free(g);
	out_close(&out);
}
END_TEST

Suite *gaps_suite(void)
{
	Suite *s = suite_create("gaps");
	TCase *c = tcase_create("gaps");

	tcase_add_loop_test(c, test_ping, 0, N_OF(pings));
	tcase_add_test(c, test_several);
	tcase_add_test(c, test_finish);
	tcase_add_test(c, test_free);
	tcase_add_test(c, test_bound);
	tcase_add_test(c, test_bound_passes_over);
	tcase_add_test(c, test_bound_of_one);
	tcase_add_test(c, test_strings);
	tcase_add_test(c, test_no_strings);
	tcase_add_test(c, test_random);
	suite_add_tcase(s, c);
	return s;
}
