#!/bin/bash
# A network card sends the request, and nothing comes back: that of `run.sh --nic`, which has carrier, but
# is connected to nothing.
set -euo pipefail
# The card is in the machine's first namespace, and moved from there.
[[ ${E2E_WORLD-} ]] || { exec {first}</proc/self/ns/net && export first; }
# shellcheck source-path=SCRIPTDIR source=../../e2e/lib.sh
. "${0%/*}/../../e2e/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../../e2e/lost.sh
. "$lib_dir/lost.sh"

# Sets $card if the driver's device is in the machine's first namespace: /sys is of that one. After another
# scenario it may take a moment to come back.
card=
find_card() {
	local dir
	for dir in /sys/bus/virtio/drivers/virtio_net/virtio*/net/*; do
		[[ ! -e $dir ]] || card=${dir##*/}
	done
	[[ $card ]]
}

[[ ${TRACEPKT_VM-} ]] || skip 'not in a guest of test/vm/run.sh'
modprobe virtio_net
compgen -G '/sys/bus/virtio/drivers/virtio_net/virtio*' >/dev/null ||
	skip 'the guest has no network card (run.sh --nic)'
wait_until 10 find_card || fail 'the network card is in no namespace that we know'

ns_add a
in_first ip link set "$card" netns a name eth0
up a eth0
addr a eth0 192.0.2.1/24
# neighbours that need not be asked for
ns_ip a neigh replace 192.0.2.2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent
ns_ip a neigh replace 192.0.2.254 lladdr 02:00:00:00:00:fe dev eth0 nud permanent
route a default via 192.0.2.254

carrier() {
	[[ $(ns_ip a -o link show eth0) == *LOWER_UP* ]]
}
wait_until 10 carrier || fail 'the card has no carrier'

left='left_host -: lost: the request left this host in netns a on eth0 and nothing came back within 0.3 s: look beyond this host'
expect_told "$left" -N a 192.0.2.2
expect_hops 1 <<'HOPS'
	a eth0 tx request 192.0.2.1 192.0.2.2
HOPS
# behind a router there
expect_told "$left" -N a 198.51.100.2
expect_hops 1 <<'HOPS'
	a eth0 tx request 192.0.2.1 198.51.100.2
HOPS
# several, and the line for people
expect_told "$left" -N a -c 3 -i 0.1 192.0.2.2
expect_counts 'sent == 3 && received == 0 && lost_events == 0'
expect_lost "${left#*: }" -N a 192.0.2.2

# From behind a router of this host: it is the router that sends the request by the card.
ns_add inside
veth inside eth0 a inner
router a
addr inside eth0 203.0.113.2/24
addr a inner 203.0.113.1/24
route inside default via 203.0.113.1
wait_ping inside 203.0.113.1
expect_told "$left" -N inside 192.0.2.2
expect_hops 1 <<'HOPS'
	inside eth0 tx request 203.0.113.2 192.0.2.2
	a inner rx request 203.0.113.2 192.0.2.2
	a eth0 tx request 203.0.113.2 192.0.2.2
HOPS

need_ipv6
addr a eth0 2001:db8::1/64
ns_ip a neigh replace 2001:db8::2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent
expect_told "$left" -N a 2001:db8::2
expect_hops 1 <<'HOPS'
	a eth0 tx request 2001:db8::1 2001:db8::2
HOPS
