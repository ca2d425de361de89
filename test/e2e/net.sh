# shellcheck shell=bash disable=SC2034,SC2154
# For lib.sh: builds networks. A namespace is named as by `ip netns`; "-" is the world's own. Variables
# that are not set here are set there.

declare -A ns_inode=() ip_commands=()

in_ns() { # NS COMMAND...
	if [[ $1 == - ]]; then "${@:2}"; else "$E2E_TOOLS/world" exec "$@"; fi
}

# Each namespace has an `ip` of its own that takes commands from a pipe and says on another what is
# wrong with them. It knows no command of this name, and says so, which is how we learn that it is done.
ip_start() { # NS...
	local ns pipe prefix
	for ns; do
		exec {pipe}<> <(:)
		prefix=()
		[[ $ns == - ]] || prefix=("$E2E_TOOLS/world" exec "$ns")
		${prefix[@]+"${prefix[@]}"} ip -force -batch - <&"$pipe" >/dev/null 2>&"$ip_answers" &
		disown
		ip_commands[$ns]=$pipe
	done
}

ns_ip() { # NS ARGUMENT...
	local ns=$1 word line failed='' plain='^[[:alnum:]_.:/%@+=,][[:alnum:]_.:/%@+=,-]*$'
	shift
	for word; do
		# neither options nor what is no plain word can be in a batch
		[[ $word =~ $plain && ${ip_commands[$ns]-} ]] || {
			in_ns "$ns" ip "$@"
			return
		}
	done
	printf '%s\nend-of-command\n' "$*" >&"${ip_commands[$ns]}"
	while read -rt "$limit" -u "$ip_answers" line || fail "no answer to ip $*"; do
		[[ $line != 'Command failed '* ]] || failed=1
		[[ $line != 'Object "end-of-command" is unknown'* ]] || break
	done
	read -rt "$limit" -u "$ip_answers" line || fail "no answer to ip $*" # that this "failed"
	# It may have remembered a device that is another one by now.
	[[ ! $failed ]] || in_ns "$ns" ip "$@"
}

# What is the same in all namespaces: no waiting for duplicate addresses, no foreign answers.
ns_prepare() { # NS...
	local ns inode settings=(net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.rp_filter=0
		net.ipv4.conf.default.rp_filter=0)
	[[ ! -d /proc/sys/net/ipv6 ]] || settings+=(net.ipv6.conf.all.accept_dad=0
		net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.router_solicitations=0)
	ip_start "$@"
	"$E2E_TOOLS/world" set "$@" -- "${settings[@]}" >"$scratch/inodes"
	while read -r ns inode; do
		ns_inode[$ns]=$inode
		ns_ip "$ns" link set lo up
	done <"$scratch/inodes"
}

ns_add() { # NS...
	local ns
	for ns; do
		ns_ip - netns add "$ns"
	done
	ns_prepare "$@"
}

ns_sysctl() { # NS KEY=VALUE...
	"$E2E_TOOLS/world" set "$1" -- "${@:2}" >/dev/null
}

router() { # NS...
	local settings=(net.ipv4.ip_forward=1)
	[[ ! -d /proc/sys/net/ipv6 ]] || settings+=(net.ipv6.conf.all.forwarding=1)
	"$E2E_TOOLS/world" set "$@" -- "${settings[@]}" >/dev/null
}

need_ipv6() {
	[[ -e /proc/net/if_inet6 ]] || skip 'this kernel has no IPv6'
}

# Does what a command says mean that the kernel lacks something? Anything else is a fault of the test.
kernel_lacks() { # TEXT
	local words='not supported|Unknown device type|kind is unknown|not found|does not exist|not implemented'
	words+='|(answers: |rule: |failed \()No such file or directory|do you need to insmod|missing kernel module'
	words+='|Failed to load|BPF_PROG_ATTACH: Invalid argument'
	[[ $1 =~ $words && $1 != *'command not found'* ]]
}

# A command that not every kernel can do.
or_skip() { # WHAT COMMAND...
	local text
	text=$("${@:2}" 2>&1) && return
	kernel_lacks "$text" || fail "${*:2}: $text"
	skip "this kernel has no $1 (${text%%$'\n'*})"
}

# A device that not every kernel has.
link_or_skip() { # NS NAME [link DEVICE] type KIND...
	local kind=' ' text
	[[ " $* " =~ ' type '([^ ]+) ]] && kind=${BASH_REMATCH[1]}
	text=$(ns_ip "$1" link add "${@:2}" 2>&1) && return
	[[ ! $text =~ 'Unknown device type'|'not supported' ]] ||
		skip "this kernel has no $kind devices (ip link: ${text%%$'\n'*})"
	fail "ip link add ${*:2}: $text"
}

up() { # NS DEVICE...
	local dev
	for dev in "${@:2}"; do
		ns_ip "$1" link set "$dev" up
	done
}

addr() { # NS DEVICE ADDRESS/LENGTH...
	local a
	for a in "${@:3}"; do
		if [[ $a == *:* ]]; then
			ns_ip "$1" addr add "$a" dev "$2" nodad
		else
			ns_ip "$1" addr add "$a" dev "$2"
		fi
	done
}

route() { # NS ROUTE...
	ns_ip "$1" route add "${@:2}"
}

veth() { # NS1 DEVICE1 NS2 DEVICE2
	local at=() to=()
	[[ $1 == - ]] || at=(netns "$1")
	[[ $3 == - ]] || to=(netns "$3")
	ns_ip - link add "$2" ${at[@]+"${at[@]}"} type veth peer name "$4" ${to[@]+"${to[@]}"}
	up "$1" "$2"
	up "$3" "$4"
}

# A tun or tap device whose other end answers pings; see tools/tunecho.c.
tunecho() { # NS OPTION... DEVICE
	local prefix=() log=$scratch/tunecho
	[[ $1 == - ]] || prefix=("$E2E_TOOLS/world" exec "$1")
	[[ -c /dev/net/tun ]] || skip 'no /dev/net/tun'
	: >"$log"
	${prefix[@]+"${prefix[@]}"} "$E2E_TOOLS/tunecho" "${@:2}" >"$log" 2>&1 &
	tunecho=$!
	wait_until 10 says "$log" 'ready|:' || fail "tunecho ${*:2} does not start"
	! says "$log" 'TUNSETIFF: Invalid argument' || skip "this kernel's tun devices cannot do ${*:2}"
	says "$log" ready || fail "tunecho ${*:2}: $(cat "$log")"
}

# Has the file, of few lines, something like that in it?
says() { # FILE EXTENDED-REGULAR-EXPRESSION
	local text
	IFS= read -rd '' text <"$1" || true
	[[ $text =~ $2 ]]
}

tunecho_end() {
	kill "$tunecho"
	wait "$tunecho" 2>/dev/null || true
}

bridge_add() { # NS BRIDGE PORT...
	local port
	ns_ip "$1" link add "$2" type bridge
	up "$1" "$2"
	for port in "${@:3}"; do
		ns_ip "$1" link set "$port" master "$2"
	done
}

# The number of a device.
ifindex() { # NS DEVICE
	local text
	text=$(ns_ip "$1" -o link show "$2")
	echo "${text%%:*}"
}

# Waits until a condition holds, at most SECONDS; false if it never does.
wait_until() { # SECONDS COMMAND...
	local end=$((SECONDS + $1 + 1))
	shift
	until "$@"; do
		((SECONDS < end)) || return 1
		read -rt 0.02 -u "$never" || true # as sleep does
	done
}

# Until addresses, routes and neighbours are usable, which also makes them known.
wait_ping() { # NS ADDRESS [OPTION...]
	wait_until 10 in_ns "$1" ping -qnc1 -W1 "${@:3}" "$2" >/dev/null 2>&1 ||
		fail "the network is not usable: $1 cannot ping $2"
}

# Two namespaces: a eth0 .1 -- 192.0.2.0/24 -- .2 eth0 b
one_link() {
	ns_add a b
	veth a eth0 b eth0
	addr a eth0 192.0.2.1/24
	addr b eth0 192.0.2.2/24
	wait_ping a 192.0.2.2
}

# And 2001:db8::/64, with the same numbers; also for those of one_bridge.
one_link6() {
	addr a eth0 2001:db8::1/64
	addr b eth0 2001:db8::2/64
	wait_ping a 2001:db8::2
}

# The same with a bridge between them: a eth0 -- va br0 in h vb -- eth0 b
one_bridge() {
	ns_add h a b
	veth a eth0 h va
	veth b eth0 h vb
	bridge_add h br0 va vb
	addr a eth0 192.0.2.1/24
	addr b eth0 192.0.2.2/24
	wait_ping a 192.0.2.2
}

# Three at a bridge, without addresses: eth0 of a, b and c -- p1, p2 and p3 in sw, ports of br0
one_switch() {
	ns_add a b c sw
	veth a eth0 sw p1
	veth b eth0 sw p2
	veth c eth0 sw p3
	bridge_add sw br0 p1 p2 p3
}

# The ends of a row of routers: a eth0 .2 -- .1 left FIRST ... LAST right .1 -- .2 eth0 b
ends() { # NETWORK-OF-A NETWORK-OF-B LENGTH FIRST [LAST]
	addr a eth0 "${1}2/$3"
	addr "$4" left "${1}1/$3"
	addr "${5-$4}" right "${2}1/$3"
	addr b eth0 "${2}2/$3"
	route a default via "${1}1"
	route b default via "${2}1"
}

# Three namespaces in a row:
#   a eth0 .2 -- 192.0.2.0/24 -- .1 left r right .1 -- 198.51.100.0/24 -- .2 eth0 b
one_router() {
	ns_add a r b
	veth a eth0 r left
	veth r right b eth0
	router r
	ends 192.0.2. 198.51.100. 24 r
	wait_ping a 198.51.100.2
}

# And 2001:db8:1::/64 on the left, 2001:db8:2::/64 on the right, with the same numbers.
one_router6() {
	ends 2001:db8:1:: 2001:db8:2:: 64 r
	wait_ping a 2001:db8:2::2
}

# Four in a row:
#   a eth0 .2 -- 192.0.2.0/24    -- .1 left r1 right .1
#                198.51.100.0/24    .2 left r2 right .1 -- 203.0.113.0/24 -- .2 eth0 b
two_routers() {
	ns_add a r1 r2 b
	veth a eth0 r1 left
	veth r1 right r2 left
	veth r2 right b eth0
	router r1 r2
	ends 192.0.2. 203.0.113. 24 r1 r2
	addr r1 right 198.51.100.1/24
	addr r2 left 198.51.100.2/24
	route r1 203.0.113.0/24 via 198.51.100.2
	route r2 192.0.2.0/24 via 198.51.100.1
	wait_ping a 203.0.113.2
}

# And 2001:db8:1::/64 to 2001:db8:3::/64 from left to right.
two_routers6() {
	ends 2001:db8:1:: 2001:db8:3:: 64 r1 r2
	addr r1 right 2001:db8:2::1/64
	addr r2 left 2001:db8:2::2/64
	route r1 2001:db8:3::/64 via 2001:db8:2::2
	route r2 2001:db8:1::/64 via 2001:db8:2::1
	wait_ping a 2001:db8:3::2
}

# Five in a row:
#   a eth0 .2 -- 192.0.2.0/24    -- .1  left r1 right .1
#                198.51.100.0/28    .2  left r2 right .17
#                198.51.100.16/28   .18 left r3 right .1 -- 203.0.113.0/24 -- .2 eth0 b
three_routers() {
	ns_add a r1 r2 r3 b
	veth a eth0 r1 left
	veth r1 right r2 left
	veth r2 right r3 left
	veth r3 right b eth0
	router r1 r2 r3
	ends 192.0.2. 203.0.113. 24 r1 r3
	addr r1 right 198.51.100.1/28
	addr r2 left 198.51.100.2/28
	addr r2 right 198.51.100.17/28
	addr r3 left 198.51.100.18/28
	route r1 default via 198.51.100.2
	route r2 203.0.113.0/24 via 198.51.100.18
	route r2 192.0.2.0/24 via 198.51.100.1
	route r3 default via 198.51.100.17
	wait_ping a 203.0.113.2
}

# And 2001:db8:1::/64 to 2001:db8:4::/64 from left to right.
three_routers6() {
	ends 2001:db8:1:: 2001:db8:4:: 64 r1 r3
	addr r1 right 2001:db8:2::1/64
	addr r2 left 2001:db8:2::2/64
	addr r2 right 2001:db8:3::1/64
	addr r3 left 2001:db8:3::2/64
	route r1 default via 2001:db8:2::2
	route r2 2001:db8:4::/64 via 2001:db8:3::2
	route r2 2001:db8:1::/64 via 2001:db8:2::1
	route r3 default via 2001:db8:3::1
	wait_ping a 2001:db8:4::2
}
