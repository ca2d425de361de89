/* The table of attach points. */
#include "attach_points.h"
#include "util.h"

#include <bcc/libbpf.h>

#define DEVICE(category, name, need, loss)                                             \
	{                                                                              \
		PROBE_##name, GROUP_DEVICES, category, #name, need, loss, false, false \
	}
#define RECEIVE(name, need, loss)                                                  \
	{                                                                          \
		PROBE_##name, GROUP_DEVICES, "net", #name, need, loss, false, true \
	}
#define FUNCTION(group, name, loss)                                               \
	{                                                                         \
		PROBE_##name, group, NULL, #name, POINT_NEWER, loss, false, false \
	}

/*
 * Since when there: net_dev_queue and netif_rx 2.6.37, consume_skb and kfree_skb 2.6.30, the _entry
 * points 3.14, the list one 4.19 (include/trace/events/{net,skb}.h).
 */
const struct attach_point attach_points[] = {
	DEVICE("net", net_dev_queue, POINT_NEEDED, "devices on the way out"),
	RECEIVE(netif_rx, POINT_NEEDED, "devices on the way in"),
	RECEIVE(napi_gro_receive_entry, POINT_EXPECTED, "packets taken in through GRO"),
	DEVICE("net", napi_gro_frags_entry, POINT_EXPECTED,
	       "packets taken in through GRO, as page fragments"),
	RECEIVE(netif_receive_skb_entry, POINT_EXPECTED, "packets taken in without a backlog"),
	RECEIVE(netif_receive_skb_list_entry, POINT_NEWER, "packets taken in as a list"),
	DEVICE("skb", consume_skb, POINT_EXPECTED,
	       "VLAN, macvlan and bond devices at the end of a request"),
	/* an echo reply is freed by ping_rcv() for want of a ping socket, raw sockets took a clone
	 */
	DEVICE("skb", kfree_skb, POINT_EXPECTED,
	       "VLAN, macvlan and bond devices at the end of a reply"),
	{PROBE_net_dev_xmit, GROUP_DEVICES, "net", "net_dev_xmit", POINT_EXPECTED,
	 "packets that a driver loses and does not own up to", true, false},
	FUNCTION(GROUP_IPTABLES, ipt_do_table, "iptables chains"),
	FUNCTION(GROUP_IP6TABLES, ip6t_do_table, "ip6tables chains"),
	FUNCTION(GROUP_NFTABLES, nft_do_chain, "nftables chains"),
};

const size_t n_attach_points = ARRAY_SIZE(attach_points);

const struct called_program called_programs[] = {
	{GROUP_DEVICES, "on_packet", "on_packet_call"},
	{GROUPS_NETFILTER, "on_chain", "on_chain_call"},
};

const size_t n_called_programs = ARRAY_SIZE(called_programs);

int attach_point_tracepoint(const struct attach_point *p, int program, bool raw)
{
	return raw ? bpf_attach_raw_tracepoint(program, p->name)
		   : bpf_attach_tracepoint(program, p->category, p->name);
}

const char *attach_point_name(unsigned int probe)
{
	for (size_t i = 0; i < n_attach_points; i++)
		if (attach_points[i].probe == probe)
			return attach_points[i].name;
	return NULL;
}
