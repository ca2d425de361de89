#!/bin/bash
# Run inside a guest: says what its kernel has, a line each, "yes" or "no" first. Nothing is loaded
# by hand: what is a module must come by itself. Exits 1 if something is missing that all four have.
# shellcheck disable=SC2317  # the functions are called by have and try
set -uo pipefail

missing=0

# have NAME COMMAND...: the kernel must have it.
have() {
	try "$@" || missing=1
}

# try NAME COMMAND...: it may or may not.
try() {
	local name=$1 answer=no
	shift
	"$@" >/dev/null 2>&1 && answer=yes
	printf '%-3s %s\n' "$answer" "$name"
	[[ $answer == yes ]]
}

device() {
	ip link add "$@" && ip link del "$1"
}

bridge_ping() {
	ip netns add one && ip link add br0 type bridge && ip link add v0 type veth peer name eth0 netns one &&
		ip link set v0 master br0 up && ip link set br0 up && ip addr add 10.9.0.1/24 dev br0 &&
		ip -n one addr add 10.9.0.2/24 dev eth0 && ip -n one link set eth0 up &&
		ping -c1 -W5 10.9.0.2
}

nft_table() { # FAMILY CHAIN-SPECIFICATION
	nft "add table $1 t; add chain $1 t c { $2; }; add rule $1 t c counter" && nft delete table "$1" t
}

# legacy PREFIX TABLE
legacy() {
	"$1-legacy" -t "$2" -A OUTPUT -j ACCEPT && "$1-legacy" -t "$2" -F
}

target() {
	iptables-legacy -t "$1" -A OUTPUT -d 192.0.2.1 -j "${@:2}" &&
		iptables-nft -t "$1" -A OUTPUT -d 192.0.2.1 -j "${@:2}"
}

traceable() {
	grep -qw "$1" /sys/kernel/tracing/available_filter_functions
}

module_btf() {
	modprobe "$1" && [[ -s /sys/kernel/btf/$1 ]]
}

kprobe() {
	cd /sys/kernel/tracing && echo "p:features/x $1" >kprobe_events &&
		echo 1 >events/features/x/enable && echo 0 >events/features/x/enable && echo >kprobe_events
}

uname -r
ip link add d0 type dummy
ip link set d0 up
have "loopback" ping -c1 -W5 127.0.0.1
have "loopback, IPv6" ping -c1 -W5 ::1
have "netns, veth, bridge: a ping" bridge_ping
for type in dummy ifb vrf vxlan geneve gretap ip6gretap ip6gre vti6 wireguard bond team; do
	case $type in
	vrf) options=(table 10) ;;
	vxlan) options=(id 1 dev d0 dstport 4789) ;;
	geneve) options=(id 1 remote 10.9.0.2) ;;
	gretap) options=(local 10.9.0.1 remote 10.9.0.2) ;;
	ip6gre | ip6gretap | vti6) options=(local ::1 remote ::2) ;;
	*) options=() ;;
	esac
	have "$type" device x0 type "$type" "${options[@]}"
done
for type in gre ipip sit vti; do
	have "$type" device x0 type "$type" local 10.9.0.1 remote 10.9.0.2
done
have ip6tnl device x0 type ip6tnl mode any local ::1 remote ::2
for type in macvlan ipvlan macvtap macsec "vlan id 5"; do
	# shellcheck disable=SC2086
	have "${type%% *}" device x0 link d0 type $type
done
have tun ip tuntap add dev tun0 mode tun
have netem tc qdisc add dev v0 root netem delay 1ms
have "clsact, bpf classifier's qdisc" tc qdisc add dev v0 clsact
have xfrm ip xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 1 mode tunnel \
	aead 'rfc4106(gcm(aes))' 0x0102030405060708090a0b0c0d0e0f1011121314 128
have br_netfilter modprobe br_netfilter
for table in raw mangle nat filter security; do
	have "iptables-legacy $table" legacy iptables "$table"
	have "ip6tables-legacy $table" legacy ip6tables "$table"
	have "iptables-nft $table" iptables-nft -t "$table" -A OUTPUT -j ACCEPT
	have "ip6tables-nft $table" ip6tables-nft -t "$table" -A OUTPUT -j ACCEPT
done
have "target REJECT" target filter REJECT
have "target LOG" target filter LOG
have "target NFQUEUE" target filter NFQUEUE --queue-num 3
have "target TEE" target mangle TEE --gateway 10.9.0.2
have "target CT --notrack" target raw CT --notrack
have "target TRACE" target raw TRACE
have "target DNAT" target nat DNAT --to-destination 10.9.0.2
have "target MASQUERADE" iptables-legacy -t nat -A POSTROUTING -d 192.0.2.1 -j MASQUERADE
have "target MASQUERADE (nft)" iptables-nft -t nat -A POSTROUTING -d 192.0.2.1 -j MASQUERADE
have "nft inet" nft_table inet 'type filter hook input priority 0'
have "nft inet nat" nft_table inet 'type nat hook postrouting priority 100'
have "nft bridge" nft_table bridge 'type filter hook forward priority 0'
have "nft netdev ingress" nft_table netdev 'type filter hook ingress device v0 priority 0'
try "nft netdev egress" nft_table netdev 'type filter hook egress device v0 priority 0'
nft 'add table inet e; add chain inet e c' &&
	for rule in 'reject' 'queue num 3' 'log' 'ct state new' 'notrack' 'meta mark set 1' 'fib saddr type local' \
		'limit rate 1/second' 'numgen inc mod 2 0' 'ip saddr { 10.0.0.1, 10.0.0.2 }' 'dup to 10.9.0.2'; do
		family=inet
		[[ $rule != dup* ]] || { family=ip; nft 'add table ip e; add chain ip e c'; }
		have "nft $rule" nft "add rule $family e c $rule"
	done
try "ebtables, legacy" modprobe ebtable_filter
have "ebtables-nft" ebtables-nft -A FORWARD -j ACCEPT
have "BTF of vmlinux" test -s /sys/kernel/btf/vmlinux
try "BTF of modules" module_btf nf_tables
have "tracing" test -e /sys/kernel/tracing/trace
have "debug/tracing" test -e /sys/kernel/debug/tracing/trace
for symbol in ipt_do_table ip6t_do_table nft_do_chain; do
	have "traceable: $symbol" traceable "$symbol"
	have "kprobe on $symbol" kprobe "$symbol"
done
for point in net/net_dev_queue net/netif_rx net/netif_receive_skb_entry net/netif_receive_skb_list_entry \
	net/napi_gro_receive_entry net/napi_gro_frags_entry skb/kfree_skb skb/consume_skb; do
	have "tracepoint $point" test -e "/sys/kernel/tracing/events/$point"
done
try "kfree_skb says why" grep -q reason /sys/kernel/tracing/events/skb/kfree_skb/format
try "kernel headers" test -e "/lib/modules/$(uname -r)/build/include/linux/skbuff.h"
have "overlay on tmpfs" mount -t overlay o -o "lowerdir=/usr,upperdir=$(mktemp -d -p /dev/shm),workdir=$(mktemp -d -p /dev/shm)" /mnt
have "cgroup v2" test -e /sys/fs/cgroup/cgroup.controllers
have "the host's root stays as it is" touch /usr/written-in-the-guest
exit "$missing"
