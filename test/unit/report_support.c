/* Hops to report. */
#include "report_support.h"
#include "support.h"

#include <string.h>

struct hop sample_hop(enum event_type type)
{
	struct hop h = {
		.time_ns = 1234567,
		.seq = 1,
		.cpu = 3,
		.netns = HOST,
		.ifindex = 7,
		.ifname = "eth0",
		.probe = "net_dev_queue",
		.dir = EVENT_TX,
		.type = type,
		.family = 4,
		.saddr = {172, 17, 0, type == EVENT_REQUEST ? 1 : 2},
		.daddr = {172, 17, 0, type == EVENT_REQUEST ? 2 : 1},
	};

	return h;
}

struct hop sample_chain(enum event_type type, const char *table, uint8_t hook)
{
	struct hop h = sample_hop(type);

	h.dir = EVENT_CHAIN;
	h.probe = "ipt_do_table";
	h.chain = (struct hop_chain){
		.pf = EVENT_PF_IPV4,
		.table_family = EVENT_PF_IPV4,
		.hook = hook,
		.verdict = 1,
	};
	strcpy(h.chain.table, table);
	return h;
}

void set_tunnel(struct hop *h)
{
	h->in_tunnel = true;
	h->tunnel = (struct hop_tunnel){
		.ifname = "vxlan0",
		.family = 4,
		.saddr = {198, 51, 100, 1},
		.daddr = {198, 51, 100, 2},
		.proto = 17,
		.port = 4789,
	};
}

struct hop sample_drop(enum event_dir dir)
{
	struct hop h = sample_hop(EVENT_REQUEST);

	h.dir = dir;
	h.probe = "kfree_skb";
	return h;
}

struct report report_to_file(bool colour, bool show_seq)
{
	struct report r = {.out = tmpfile(), .colour = colour, .show_seq = show_seq};

	ck_assert_ptr_nonnull(r.out);
	return r;
}

char *report_text(struct report *r)
{
	char *text = read_stream(r->out);

	fclose(r->out);
	return text;
}
