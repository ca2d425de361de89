# shellcheck shell=bash disable=SC2154
# For scenarios about tunnels: two hosts, what lies between them, and the rows of a ping in a tunnel.
# Sourced after lib.sh.

# a eth0 .1 -- 198.51.100.0/24, 2001:db8:ff::/64 -- .2 eth0 b
two_hosts() {
	ns_add a b
	veth a eth0 b eth0
	addr a eth0 198.51.100.1/24
	addr b eth0 198.51.100.2/24
	[[ ! -e /proc/net/if_inet6 ]] || {
		addr a eth0 2001:db8:ff::1/64
		addr b eth0 2001:db8:ff::2/64
		wait_ping a 2001:db8:ff::2
	}
	wait_ping a 198.51.100.2
}

# The address of a or b outside the tunnel, and inside.
outside() { # 4|6 a|b
	case $* in
	'4 a') echo 198.51.100.1 ;;
	'4 b') echo 198.51.100.2 ;;
	'6 a') echo 2001:db8:ff::1 ;;
	'6 b') echo 2001:db8:ff::2 ;;
	esac
}

inside() { # 4|6 a|b
	case $* in
	'4 a') echo 192.0.2.1 ;;
	'4 b') echo 192.0.2.2 ;;
	'6 a') echo 2001:db8::1 ;;
	'6 b') echo 2001:db8::2 ;;
	esac
}

# A device on both hosts. Without local and remote for those that do not take them.
tunnel_up() { # DEVICE INSIDE...
	local family
	up a "$1"
	up b "$1"
	for family in "${@:2}"; do
		[[ $family != 6 || -e /proc/net/if_inet6 ]] || continue
		addr a "$1" "$(inside "$family" a)/$((family == 4 ? 24 : 64))"
		addr b "$1" "$(inside "$family" b)/$((family == 4 ? 24 : 64))"
		wait_ping a "$(inside "$family" b)"
	done
}

tunnel_add() { # DEVICE OUTSIDE type KIND [OPTION...]
	link_or_skip a "$1" "${@:3:2}" local "$(outside "$2" a)" remote "$(outside "$2" b)" "${@:5}"
	ns_ip b link add "$1" "${@:3:2}" local "$(outside "$2" b)" remote "$(outside "$2" a)" "${@:5}"
}

tunnel_del() { # DEVICE
	ns_ip a link del "$1"
	ns_ip b link del "$1"
}

# A ping from a to b, and each device on the way, in both directions.
expect_tunnel() { # DEVICE OUTSIDE INSIDE PROTO[/PORT]
	local here there from to
	here=$(inside "$3" a)
	there=$(inside "$3" b)
	from=$(outside "$2" a)
	to=$(outside "$2" b)
	trace -N a "$there"
	expect_status 0
	expect_hops <<-HOPS
		a $1   tx request $here  $there
		a eth0 tx request $here  $there in $1 $from $to   $4
		b eth0 rx request $here  $there in $1 $from $to   $4
		b $1   rx request $here  $there
		b $1   tx reply   $there $here
		b eth0 tx reply   $there $here  in $1 $to   $from $4
		a eth0 rx reply   $there $here  in $1 $to   $from $4
		a $1   rx reply   $there $here
	HOPS
	expect_drops </dev/null
	expect_counts 'lost_events == 0 && received == 1'
}

# What both ends of an IPsec connection know of it: two associations, and who uses them.
ipsec() { # NS1 ADDRESS1 NS2 ADDRESS2 MODE [OPTION-OF-STATE...]
	local ns
	for ns in "$1" "$3"; do
		or_skip ESP in_ns "$ns" ip xfrm state add src "$2" dst "$4" proto esp spi 1 reqid 1 mode "$5" "${@:6}" \
			aead 'rfc4106(gcm(aes))' 0x0102030405060708090a0b0c0d0e0f1011121314 128
		in_ns "$ns" ip xfrm state add src "$4" dst "$2" proto esp spi 2 reqid 2 mode "$5" "${@:6}" \
			aead 'rfc4106(gcm(aes))' 0x1112131415161718191a1b1c1d1e1f2021222324 128
	done
}

# Between two networks; the rest as for ipsec.
ipsec_policy() { # NETWORK1 NETWORK2 NS1 ADDRESS1 NS2 ADDRESS2 MODE [OPTION...]
	local dir ends=(tmpl src "$4" dst "$6" proto esp reqid 1 mode "$7")
	local back=(tmpl src "$6" dst "$4" proto esp reqid 2 mode "$7")
	ns_ip "$3" xfrm policy add src "$1" dst "$2" dir out "${@:8}" "${ends[@]}"
	ns_ip "$5" xfrm policy add src "$2" dst "$1" dir out "${@:8}" "${back[@]}"
	for dir in in fwd; do
		ns_ip "$3" xfrm policy add src "$2" dst "$1" dir "$dir" "${@:8}" "${back[@]}"
		ns_ip "$5" xfrm policy add src "$1" dst "$2" dir "$dir" "${@:8}" "${ends[@]}"
	done
}

ipsec_end() { # NS...
	local ns
	for ns; do
		ns_ip "$ns" xfrm state flush
		ns_ip "$ns" xfrm policy flush
	done
}

# As expect_hops, where it is left open whose turn is next: lines in any order.
expect_hops_unordered() {
	local words
	while read -ra words || [[ ${words[*]-} ]]; do
		[[ ${#words[@]} -eq 0 ]] || echo "${words[*]}"
	done | sort >"$scratch/wanted"
	digest
	rows device | sort >"$scratch/got"
	diff -U99 --label expected --label got "$scratch/wanted" "$scratch/got" >"$scratch/difference" ||
		fail "other rows than expected:"$'\n'"$(<"$scratch/difference")"
}
