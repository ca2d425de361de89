#!/bin/bash
# net_dev_xmit is attached while a ping is under way, and not in between: an edited probe counts, as lost
# events, all packets that pass it, and somebody else pings all the time. The raw tracepoint tells the device.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
need_tool ping
ip link set lo up

dir=$scratch/probes
run_tracepkt --dump-probes="$dir"
expect_status 0
# the probe sees the packets of all namespaces
cat >"$scratch/count" <<END

static __always_inline int count_xmit(u64 dev)
{
	struct net *net = 0;
	u32 inum = 0;

	READ_FIELD(&net, net_device, dev, nd_net.net);
	READ_FIELD(&inum, net, net, ns.inum);
	if (inum == $(stat -L -c %i /proc/self/ns/net))
		count_lost();
	return 0;
}
END
sed -i -e 's/return rc ? on_xmit(ctx, ctx->args\[0\], rc) : 0;/return rc ? 0 : count_xmit(ctx->args[2]);/' \
	-e "/^BPF_PROG_ARRAY(on_packet_call/r $scratch/count" "$dir/device.c"
[[ $(grep -c 'count_xmit(' "$dir/device.c") -eq 2 ]] || fail 'the edit found no place'

lost() {
	jq 'select(.event == "summary") | .lost_events' "$out"
}

# Ours alone: each request and each reply of each ping.
trace --attach=raw --probe-dir="$dir" -c 3 -i 0.5 127.0.0.1
expect_status 0
[[ $(lost) -eq 6 ]] || fail "$(lost) packets of 6 passed"

# Most of somebody else's packets, 100 a second, pass between our pings.
ping -i 0.02 127.0.0.1 >"$scratch/others" &
others=$!
trace --attach=raw --probe-dir="$dir" -c 2 -i 3 127.0.0.1
kill -INT "$others"
wait "$others" || true
expect_status 0
pings=$(sed -n 's/^\([0-9]*\) packets transmitted.*/\1/p' "$scratch/others")
n=$(lost)
((n >= 4 && n < pings)) || fail "$n packets passed, of 4 of ours and $((2 * pings))"

# In a flood it stays attached.
trace --attach=raw --probe-dir="$dir" -c 100 -i 0.01 127.0.0.1
expect_status 0
[[ $(lost) -eq 200 ]] || fail "$(lost) packets of 200 passed"

# Where it cannot be attached any more, that is told once, and the pings go on.
trace_start --attach=raw -c 3 -i 0.7 127.0.0.1
wait_rows 4
prlimit --pid "$tracer" --nofile=6:6
trace_wait
expect_status 0
expect_counts 'sent == 3 && received == 3'
mapfile -t lines < <(stderr_without_note)
[[ ${#lines[@]} -eq 1 ]] || fail "${#lines[@]} lines on standard error"
expect_stderr_line 'cannot attach to the tracepoint net_dev_xmit again: Too many open files; not seen: packets that .*'

# So it is with time stamps, which cost each packet of the host something as long as one socket wants them.
need_tool strace
# the leak sanitizer refuses to run below strace
printf '#!/bin/bash\nASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" exec strace -f -e trace=setsockopt -o "%s" "%s" "$@"\n' \
	"$scratch/calls" "$TRACEPKT" >"$scratch/traced"
chmod +x "$scratch/traced"
TRACEPKT=$scratch/traced
trace --attach=raw -c 3 -i 0.7 127.0.0.1
expect_status 0
calls=$(sed -n '/SO_TIMESTAMPING.* = 0$/{ s/.*\[0\].*/off/; s/.*SO_TIME.*/on/; p }' "$scratch/calls" | tr '\n' ' ')
[[ $calls =~ ^'on off on off on '('off ')?$ ]] || fail "time stamps were asked for, and not, as $calls"
