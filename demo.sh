#!/bin/bash
# Builds tracepkt and shows it at work: sudo ./demo.sh [TARGET]. Without TARGET it pings a small
# container-like network, made in namespaces of its own that vanish with it.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=cmake/packages.sh
. cmake/packages.sh

# In a world of its own: a bridge, as docker0 would be, and behind it a namespace on a veth pair.
make_network() {
	mount -t tmpfs tmpfs /run
	mkdir /run/netns
	ip link set lo up
	ip link add demo0 type bridge
	ip address add 192.0.2.1/24 dev demo0
	ip link set demo0 up
	ip netns add web
	ip link add veth-web type veth peer name eth0 netns web
	ip link set veth-web master demo0 up
	ip -n web address add 192.0.2.2/24 dev eth0
	ip -n web link set lo up
	ip -n web link set eth0 up
}

if [ "${1:-}" = --in-network ]; then
	[ "$(readlink /proc/self/ns/net)" != "$(readlink /proc/$PPID/ns/net)" ] ||
		die "--in-network is for demo.sh itself"
	make_network
	exec build/demo/tracepkt 192.0.2.2
fi

[ $# -le 1 ] || die "one TARGET at a time; usage: sudo ./demo.sh [TARGET]"
need_root
install_packages "${build_packages[@]}" "${demo_packages[@]}"
say "building"
build build/demo -DTRACEPKT_TESTS=OFF
if [ $# -eq 1 ]; then
	say "tracepkt $1"
	exec build/demo/tracepkt -- "$1"
fi
say "tracepkt 192.0.2.2 (eth0 of the namespace web, behind the bridge demo0)"
exec unshare --net --mount --propagation private ./demo.sh --in-network
