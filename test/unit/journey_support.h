/* Feeds event lists to a journey and writes the hops down as text, a line each. */
#ifndef TRACEPKT_TEST_JOURNEY_SUPPORT_H
#define TRACEPKT_TEST_JOURNEY_SUPPORT_H

#include "journey.h"

#include <stddef.h>

#define SENT_NS 1000000ULL  /* when ping 1 was sent */
#define LATE    UINT64_MAX  /* a time when every hold has run out */
#define HOST    4026531840U /* network namespaces */
#define BOX     4026532500U
#define ROUTER  4026532600U

/* The middle of a struct seen: probe, or direction and type. */
#define QUEUE    PROBE_net_dev_queue
#define NETIF    PROBE_netif_rx
#define ENTRY    PROBE_netif_receive_skb_entry
#define FREED    PROBE_consume_skb
#define DROPPED  PROBE_kfree_skb
#define TX       EVENT_TX, EVENT_REQUEST
#define RX       EVENT_RX, EVENT_REQUEST
#define END      EVENT_END, EVENT_REQUEST
#define TX_BACK  EVENT_TX, EVENT_REPLY
#define RX_BACK  EVENT_RX, EVENT_REPLY
#define END_BACK EVENT_END, EVENT_REPLY
#define XMIT     EVENT_XMIT, EVENT_REQUEST
#define TX_ERROR EVENT_TX, EVENT_ERROR
#define RX_ERROR EVENT_RX, EVENT_ERROR

/* One event. Time counts from SENT_NS. */
struct seen {
	uint64_t time, skb;
	__u16 probe;
	__u8 dir, type;
	__u32 netns, ifindex;
	const char *ifname;
	__u32 iif;
};

/* The middle of a chain's: probe, direction and type. */
#define TABLE      PROBE_ipt_do_table, EVENT_CHAIN, EVENT_REQUEST
#define TABLE_BACK PROBE_ipt_do_table, EVENT_CHAIN, EVENT_REPLY
#define NFT        PROBE_nft_do_chain, EVENT_CHAIN, EVENT_REQUEST
#define NFT_BACK   PROBE_nft_do_chain, EVENT_CHAIN, EVENT_REPLY

/* A device's event or a chain's. */
struct feed_step {
	struct seen at;
	__u8 hook, pf;
	const char *table; /* NULL: of a device */
	__u32 verdict;
	const char *name;
};

#define DEVICE(...)                                \
	{                                          \
		{__VA_ARGS__}, 0, 0, NULL, 0, NULL \
	}

struct log {
	struct journey *journey;
	char text[8192]; /* hops since the last log_expect() */
	size_t len;
	struct hop last, before_last;
	unsigned int names_asked; /* calls of the ifname callback */
	bool losing;              /* what kfree_skb() frees is lost */
	struct way way;           /* of the ping that was closed last */
	unsigned int n_closed;
	int reopened; /* the number of what was reopened last, or 0 */
};

/* Starts a journey with ping 1 sent, whose time never runs out. */
void log_open(struct log *l);

/* Gives its pings that long. */
void log_set_timeout(struct log *l, uint64_t ns);
void log_close(struct log *l);

void log_feed(struct log *l, __u16 wire_seq, const struct seen *events, size_t n);

void log_feed_steps(struct log *l, __u16 wire_seq, const struct feed_step *steps, size_t n);

#define FEED(log, events)      log_feed(log, 1, events, sizeof(events) / sizeof((events)[0]))
#define FEED_STEPS(log, steps) log_feed_steps(log, 1, steps, sizeof(steps) / sizeof((steps)[0]))

/*
 * Asserts that the hops are these: "seq +time type dir netns/ifname.ifindex probe" a line, where
 * netns is host, box or router. For a chain dir is "chain", and " table.chain:VERDICT" comes last.
 */
void log_expect(struct log *l, const char *text);

#endif
