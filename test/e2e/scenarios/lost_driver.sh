#!/bin/bash
# A driver that uses up what it is given and returns an error: net_dev_xmit tells, for each ping, though it is
# detached between them. No driver does so when asked; a dummy device uses up all, and an edited probe takes
# that for an error. The second ping shows that it is attached anew.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
ns_add a
link_or_skip a d0 type dummy
ns_ip a link set d0 up
addr a d0 192.0.2.1/24

dir=$scratch/probes
run_tracepkt --dump-probes="$dir"
expect_status 0
# and it may take its time, as an emulated machine does
sed -i -e 's/return rc ? \(on_xmit(ctx, .*, \)rc) : 0;/return \1rc ? rc : -105);/' \
	-e 's/^#define XMIT_NS .*/#define XMIT_NS 500000000ULL/' "$dir/device.c"
[[ $(grep -c 'return on_xmit(ctx, .*, rc ? rc : -105);\|^#define XMIT_NS 500000000ULL$' "$dir/device.c") -eq 3 ]] ||
	fail 'the edit found no place'

trace --probe-dir="$dir" -c 2 -i 1 -W 0.3 -N a 192.0.2.2
expect_status 1
expect_jq 'map(select(.event == "drop") | [.seq, .ifname, .error]) ==
	[[1, "d0", -105], [2, "d0", -105]]'
expect_outcome <<<"request_lost other: lost: the request was dropped in netns a on d0: the device's driver returned -105"
