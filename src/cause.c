/*
 * The table of causes. A cause comes into question by the kernel's reason for the drop or, where it
 * gives none that says much, by the function that dropped the packet; then it is checked.
 */
#include "cause.h"
#include "cause_checks.h"
#include "text.h"
#include "util.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool cause_say(struct cause *cause, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	/* clang-tidy 14 takes va_start() for missing */
	// NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized)
	vsnprintf(cause->text, sizeof(cause->text), fmt, ap);
	va_end(ap);
	return true;
}

const char *cause_name(const char *name, char *buf, size_t size)
{
	text_escape(buf, size, name, strnlen(name, 256), TEXT_NAME);
	return buf;
}

const char *cause_address(int family, const uint8_t *address, char buf[64])
{
	if (!inet_ntop(family == 4 ? AF_INET : AF_INET6, address, buf, 64))
		snprintf(buf, 64, "?");
	return buf;
}

void cause_place(const struct outcome_context *c, uint32_t netns, const char *ifname, char *buf,
		 size_t size)
{
	const char *name = c->netns_name ? c->netns_name(c->names_ctx, netns) : NULL;
	char where[256] = "", device[4 * IF_NAMESIZE + 1];
	char inode[16];

	snprintf(inode, sizeof(inode), "%" PRIu32, netns);
	if (netns != c->here)
		cause_name(name ? name : inode, where, sizeof(where));
	cause_name(ifname, device, sizeof(device));
	if (!*where && !*device)
		snprintf(buf, size, "here");
	else
		snprintf(buf, size, "%s%s%s%s%s", *where ? "in netns " : "", where,
			 *where && *device ? " " : "", *device ? "on " : "", device);
}

int cause_setting(const struct cause_query *q, long *value, const char *fmt, ...)
{
	char path[128];
	va_list ap;
	int n;

	va_start(ap, fmt);
	// NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized)
	n = vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(path))
		return -1;
	return q->c->system->setting(q->c->system_ctx, q->at->netns, path, value);
}

int cause_link(const struct cause_query *q, uint32_t ifindex, struct system_link *l)
{
	return ifindex ? q->c->system->link(q->c->system_ctx, q->at->netns, ifindex, l) : -1;
}

static struct system_address address_of(const struct step *s, const uint8_t *bytes)
{
	struct system_address a = {.family = s->family};

	memcpy(a.bytes, bytes, sizeof(a.bytes));
	return a;
}

struct system_address cause_source(const struct cause_query *q)
{
	return address_of(q->at, q->at->saddr);
}

struct system_address cause_target(const struct cause_query *q)
{
	return address_of(q->at, q->at->daddr);
}

/* Reasons that speak for themselves. */
static const struct {
	const char *reasons, *word, *text;
} plain[] = {
	{"ICMP_CSUM", "checksum", ": its ICMP checksum is wrong"},
	{"IP_CSUM", "checksum", ": the checksum of its IP header is wrong"},
	{"SKB_CSUM", "checksum", ": its checksum is wrong"},
	{"OTHERHOST", "otherhost", ": it was sent to another station's MAC address"},
	{"FRAG_REASM_TIMEOUT FRAG_TOO_FAR DUP_FRAG", "fragments",
	 ": not all of its fragments came in time"},
	{"XFRM_POLICY", "ipsec", ": an IPsec policy forbids it"},
	{"NOMEM", "memory", ": the kernel had no memory for it"},
	{"SOCKET_FILTER", "socket_filter", ": the socket's filter refused it"},
	{"SOCKET_RCVBUFF", "socket_full", ": the socket that it is for is full"},
	{"UNHANDLED_PROTO", "protocol", ": nobody there takes its protocol"},
	{"TUNNEL_TXINFO VXLAN_NO_REMOTE VXLAN_ENTRY_EXISTS VXLAN_INVALID_HDR VXLAN_VNI_NOT_FOUND",
	 "tunnel", ": the tunnel has nowhere to send it"},
};

/*
 * Causes that are looked into. Functions are what there is to go by before 5.17, and where the
 * reason is NOT_SPECIFIED; their names are those of net/ in 5.10 to 7.2.
 */
static const struct {
	const char *word;
	const char *reasons;   /* blank between them; a trailing '*' stands for anything */
	const char *functions; /* the same */
	cause_check_fn check;
} table[] = {
	{"firewall", "NETFILTER_DROP",
	 "nf_hook_slow nf_hook_slow_list nf_queue nf_reinject nft_* ipt_*", cause_check_firewall},
	{"xdp", "XDP", "do_xdp_generic* netif_receive_generic_xdp veth_xdp_rcv* veth_poll",
	 cause_check_xdp},
	{"tc", "TC_INGRESS TC_EGRESS", "__netif_receive_skb_core* __dev_queue_xmit sch_handle_*",
	 cause_check_tc},
	{"tun", "FULL_RING DEV_READY TAP_* QDISC_*",
	 "tun_net_xmit tap_handle_frame kfree_skb_list* __dev_queue_xmit", cause_check_tun},
	{"no_carrier", "QDISC_* DEV_READY DEV_HDR", "kfree_skb_list* __dev_queue_xmit dev_hard_*",
	 cause_check_carrier},
	{"peer_down", "DEV_READY", "veth_xmit __dev_forward_skb* dev_forward_skb*",
	 cause_check_peer},
	{"qdisc", "QDISC_* FQ_* CAKE_* DUALPI2_*",
	 "kfree_skb_list* __dev_queue_xmit netem_enqueue*", cause_check_qdisc},
	{"backlog", "CPU_BACKLOG", "enqueue_to_backlog netif_rx_internal", cause_check_backlog},
	{"bridge", "BRIDGE_* NO_TX_TARGET",
	 "br_* __br_* __allowed_ingress deliver_clone maybe_deliver", cause_check_bridge},
	{"rp_filter", "IP_RPFILTER", "ip_rcv_finish_core ip_rcv_finish", cause_check_rp_filter},
	{"forwarding_off",
	 "IP_INADDRERRORS IP_INNOROUTES IP_OUTNOROUTES IP6INADDRERRORS IPV6* IP_INVALID_DEST",
	 "ip_error ip_rcv_finish_core ip_rcv_finish ip6_forward ip6_pkt_drop",
	 cause_check_forwarding},
	{"ttl", "IP_INHDR", "ip_forward ip6_forward", cause_check_ttl},
	{"mtu", "PKT_TOO_BIG",
	 "ip_forward ip6_forward ip_fragment* ip6_fragment ip_finish_output* "
	 "__ip_finish_output ip6_finish_output*",
	 cause_check_mtu},
	{"mtu", "", "veth_xmit __dev_forward_skb* ____dev_forward_skb* dev_forward_skb*",
	 cause_check_peer_mtu},
	{"martian",
	 "IP_LOCAL_SOURCE IP_INVALID_SOURCE IP_LOCALNET IP_INVALID_DEST IP_INADDRERRORS IP_INHDR "
	 "UNICAST_IN_L2_MULTICAST",
	 "ip_rcv_finish_core ip_rcv_finish ip6_rcv_core", cause_check_martian},
	{"neighbour", "NEIGH_*",
	 "arp_error_report ndisc_error_report neigh_* __neigh_* ip_finish_output2 "
	 "ip6_finish_output2",
	 cause_of_neighbour},
	{"no_route",
	 "IP_INADDRERRORS IP_INNOROUTES IP_OUTNOROUTES IP6INADDRERRORS IPV6* IP_INVALID_DEST "
	 "BLACKHOLE",
	 "ip_error ip_rcv_finish_core ip_rcv_finish ip6_forward ip6_pkt_drop ip_forward "
	 "dst_discard* ip6_pkt_discard*",
	 cause_check_no_route},
};

/* Is name one of the words of a list? */
static bool is_listed(const char *list, const char *name)
{
	for (const char *word = list; *word;) {
		size_t len = strcspn(word, " ");
		bool open = len && word[len - 1] == '*';

		if (open ? strncmp(word, name, len - 1) == 0
			 : strlen(name) == len && strncmp(word, name, len) == 0)
			return true;
		word += len;
		word += strspn(word, " ");
	}
	return false;
}

/* The kernel's own reason, if it says something. */
static const char *telling_reason(const struct cause_query *q)
{
	return q->reason && strcmp(q->reason, "NOT_SPECIFIED") != 0 &&
			       strncmp(q->reason, "reason ", 7) != 0
		       ? q->reason
		       : NULL;
}

static bool find_plain(const char *reason, struct cause *cause)
{
	for (size_t i = 0; i < ARRAY_SIZE(plain); i++)
		if (is_listed(plain[i].reasons, reason)) {
			cause->word = plain[i].word;
			return cause_say(cause, "%s", plain[i].text);
		}
	return false;
}

static bool find_checked(const struct cause_query *q, const char *reason, struct cause *cause)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		bool by_reason = reason && is_listed(table[i].reasons, reason);
		bool by_function = q->function && is_listed(table[i].functions, q->function);

		if ((by_reason || by_function) && table[i].check(q, cause)) {
			if (!cause->word)
				cause->word = table[i].word;
			return true;
		}
	}
	return false;
}

/* Functions that drop for little else a packet that was well on its way. */
static bool find_checksum(const struct cause_query *q, struct cause *cause)
{
	if (telling_reason(q) || !q->function)
		return false;
	if (is_listed("ip_rcv_core* ip_rcv ip6_rcv_core*", q->function)) {
		/* the same function refuses other stations' packets */
		cause->word = "otherhost_or_header";
		return cause_say(cause,
				 ": probably it was sent to another station's MAC address, or "
				 "its IP header is damaged");
	}
	if (is_listed("icmp_rcv icmpv6_rcv", q->function))
		cause_say(cause, ": probably its ICMP checksum is wrong");
	else
		return false;
	cause->word = "checksum";
	return true;
}

/* Nothing that we know: what the kernel says. */
static void say_kernels_words(const struct cause_query *q, struct cause *cause)
{
	char function[128] = "", reason[128] = "";

	cause->word = "other";
	if (q->function)
		cause_name(q->function, function, sizeof(function));
	if (q->reason)
		cause_name(q->reason, reason, sizeof(reason));
	if (q->at->drop.error)
		cause_say(cause, ": the device's driver returned %d", q->at->drop.error);
	else if (*function && *reason)
		cause_say(cause, ": the kernel's reason is %s, in %s()", reason, function);
	else if (*function)
		cause_say(cause, ": the kernel did that in %s()", function);
	else if (*reason)
		cause_say(cause, ": the kernel's reason is %s", reason);
	else
		cause->text[0] = '\0';
}

void cause_of_drop(const struct cause_query *q, struct cause *cause)
{
	const char *reason = telling_reason(q);

	*cause = (struct cause){0};
	if (reason && find_plain(reason, cause))
		return;
	if (find_checked(q, reason, cause) || find_checksum(q, cause))
		return;
	say_kernels_words(q, cause);
}
