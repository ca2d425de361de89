#!/usr/bin/python3
"""
Stands in for the Python program that tracepkt began as: a script for bcc that compiles one BPF text
with the kernel's headers, attaches it to four tracepoints and to iptables-legacy, starts ping and prints
a row for each event until ping is done. It is not that program, and has none of its text: it is of the
same shape, includes the same headers, and so asks the same work of LLVM, which is what start-up
consists of. vmstart.sh times it. Usage: original.py [ADDRESS]

Tells on standard error when it has started ping, and when it ends, in the words of tracepkt -v.
"""
import ctypes
import socket
import subprocess
import sys
import time

from bcc import BPF

TEXT = r"""
#include <bcc/proto.h>
#include <uapi/linux/ip.h>
#include <uapi/linux/ipv6.h>
#include <uapi/linux/icmp.h>
#include <uapi/linux/icmpv6.h>
#include <linux/netdevice.h>
#include <net/inet_sock.h>
#include <linux/netfilter/x_tables.h>

struct row {
	u64 netns;
	u64 source[2], target[2];
	char device[IFNAMSIZ];
	char table[XT_TABLE_MAXNAMELEN];
	u32 hook, verdict;
	u16 id, seq;
	u8 version, type, is_chain;
};

struct call {
	struct sk_buff *skb;
	const struct nf_hook_state *state;
	struct xt_table *table;
};

BPF_PERF_OUTPUT(rows);
BPF_HASH(calls, u32, struct call);

#define GET(to, from, member) bpf_probe_read_kernel(to, sizeof(from->member), &from->member)

/* Reads addresses and the ICMP header; false if it is no echo request or reply. */
static inline int read_packet(struct row *row, struct sk_buff *skb)
{
	unsigned char *head = 0, *at;
	u16 network = 0, mac = 0;
	u8 protocol = 0;

	GET(&head, skb, head);
	GET(&network, skb, network_header);
	GET(&mac, skb, mac_header);
	at = head + (network ? network : mac + ETH_HLEN);
	bpf_probe_read_kernel(&row->version, 1, at);
	row->version >>= 4;
	if (row->version == 4) {
		struct iphdr ip;
		struct icmphdr icmp;

		bpf_probe_read_kernel(&ip, sizeof(ip), at);
		if (ip.protocol != IPPROTO_ICMP)
			return 0;
		row->source[0] = ip.saddr;
		row->target[0] = ip.daddr;
		bpf_probe_read_kernel(&icmp, sizeof(icmp), at + 4 * ip.ihl);
		row->type = icmp.type;
		row->id = ntohs(icmp.un.echo.id);
		row->seq = ntohs(icmp.un.echo.sequence);
		return icmp.type == ICMP_ECHO || icmp.type == ICMP_ECHOREPLY;
	}
	if (row->version == 6) {
		struct ipv6hdr *ip = (struct ipv6hdr *)at;
		struct icmp6hdr icmp;

		GET(&protocol, ip, nexthdr);
		if (protocol != IPPROTO_ICMPV6)
			return 0;
		GET(row->source, ip, saddr);
		GET(row->target, ip, daddr);
		bpf_probe_read_kernel(&icmp, sizeof(icmp), at + sizeof(*ip));
		row->type = icmp.icmp6_type;
		row->id = ntohs(icmp.icmp6_identifier);
		row->seq = ntohs(icmp.icmp6_sequence);
		return icmp.icmp6_type == ICMPV6_ECHO_REQUEST || icmp.icmp6_type == ICMPV6_ECHO_REPLY;
	}
	return 0;
}

static inline void read_device(struct row *row, struct sk_buff *skb)
{
	struct net_device *device = 0;
	struct net *net = 0;

	GET(&device, skb, dev);
	bpf_probe_read_kernel(&row->device, IFNAMSIZ, device->name);
	GET(&net, device, nd_net.net);
	GET(&row->netns, net, ns.inum);
}

static inline int at_device(void *ctx, struct sk_buff *skb)
{
	struct row row = {};

	if (!read_packet(&row, skb))
		return 0;
	read_device(&row, skb);
	rows.perf_submit(ctx, &row, sizeof(row));
	return 0;
}

TRACEPOINT_PROBE(net, netif_rx)
{
	return at_device(args, (struct sk_buff *)args->skbaddr);
}

TRACEPOINT_PROBE(net, net_dev_queue)
{
	return at_device(args, (struct sk_buff *)args->skbaddr);
}

TRACEPOINT_PROBE(net, napi_gro_receive_entry)
{
	return at_device(args, (struct sk_buff *)args->skbaddr);
}

TRACEPOINT_PROBE(net, netif_receive_skb_entry)
{
	return at_device(args, (struct sk_buff *)args->skbaddr);
}

static inline int enter(struct sk_buff *skb, const struct nf_hook_state *state, struct xt_table *table)
{
	u32 task = bpf_get_current_pid_tgid();
	struct call call = {.skb = skb, .state = state, .table = table};

	calls.update(&task, &call);
	return 0;
}

static inline int leave(struct pt_regs *ctx)
{
	u32 task = bpf_get_current_pid_tgid();
	struct call *call = calls.lookup(&task);
	const struct nf_hook_state *state;
	struct xt_table *table;
	struct row row = {.is_chain = 1};

	if (!call)
		return 0;
	state = call->state;
	table = call->table;
	if (read_packet(&row, call->skb)) {
		read_device(&row, call->skb);
		bpf_probe_read_kernel(&row.hook, 1, &state->hook);
		bpf_probe_read_kernel(&row.table, XT_TABLE_MAXNAMELEN, table->name);
		row.verdict = PT_REGS_RC(ctx);
		rows.perf_submit(ctx, &row, sizeof(row));
	}
	calls.delete(&task);
	return 0;
}

/* The order of arguments since 5.16. */
int kprobe__ipt_do_table(struct pt_regs *ctx, struct xt_table *table, struct sk_buff *skb,
			  const struct nf_hook_state *state)
{
	return enter(skb, state, table);
}

int kretprobe__ipt_do_table(struct pt_regs *ctx)
{
	return leave(ctx);
}

int kprobe__ip6t_do_table(struct pt_regs *ctx, struct xt_table *table, struct sk_buff *skb,
			   const struct nf_hook_state *state)
{
	return enter(skb, state, table);
}

int kretprobe__ip6t_do_table(struct pt_regs *ctx)
{
	return leave(ctx);
}
"""

HOOKS = ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")
VERDICTS = ("DROP", "ACCEPT", "STOLEN", "QUEUE", "REPEAT")


class Row(ctypes.Structure):
    _fields_ = [
        ("netns", ctypes.c_uint64),
        ("source", ctypes.c_ubyte * 16),
        ("target", ctypes.c_ubyte * 16),
        ("device", ctypes.c_char * 16),
        ("table", ctypes.c_char * 32),
        ("hook", ctypes.c_uint32),
        ("verdict", ctypes.c_uint32),
        ("id", ctypes.c_uint16),
        ("seq", ctypes.c_uint16),
        ("version", ctypes.c_ubyte),
        ("type", ctypes.c_ubyte),
        ("is_chain", ctypes.c_ubyte),
    ]


def address(version, octets):
    if version == 4:
        return socket.inet_ntop(socket.AF_INET, bytes(octets)[:4])
    return socket.inet_ntop(socket.AF_INET6, bytes(octets))


def name_of(names, number):
    return names[number] if number < len(names) else str(number)


def show(_cpu, data, _size):
    row = ctypes.cast(data, ctypes.POINTER(Row)).contents
    chain = ""
    if row.is_chain:
        chain = "%s.%s:%s" % (row.table.decode(), name_of(HOOKS, row.hook), name_of(VERDICTS, row.verdict))
    print("%12d %16s %-7s %s -> %s  %s" % (
        row.netns, row.device.decode(), "request" if row.type in (8, 128) else "reply",
        address(row.version, row.source), address(row.version, row.target), chain))


def now():
    return time.clock_gettime(time.CLOCK_MONOTONIC)


target = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
bpf = BPF(text=TEXT)
bpf["rows"].open_perf_buffer(show)
# it is, once ping has started: a little later
print("original.py: first ping sent at %.9f s of CLOCK_MONOTONIC" % now(), file=sys.stderr)
ping = subprocess.Popen(["ping", "-c", "1", target], stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
while ping.poll() is None:
    bpf.perf_buffer_poll(10)
print("original.py: ended at %.9f s of CLOCK_MONOTONIC" % now(), file=sys.stderr)
sys.exit(ping.returncode)
