# shellcheck shell=bash disable=SC2034,SC2154
# For lib.sh: what the kernel has of netfilter, and rules. Variables that are not set here are set there.

need_kprobes() {
	# as the program finds out; without, it says so and shows no chains
	[[ -e /sys/bus/event_source/devices/kprobe/type ]] || skip 'this kernel has no kprobes'
}

# Chains are traced if their module is there before the run begins, with types of it. The tools load
# it as they are used, here in a namespace that is gone at once.
need_netfilter() { # TOOL...
	local module modules=(ip_tables ip6_tables nf_tables) missing='' tree
	need_kprobes
	need_tool "$@"
	for module in "${modules[@]}"; do
		[[ -e /sys/module/$module ]] || missing=1
	done
	[[ ! $missing ]] || unshare --net bash -c '
		iptables-legacy -S
		[[ ! -e /proc/net/if_inet6 ]] || ip6tables-legacy -S
		nft "add table inet t"' >/dev/null 2>&1 || true
	for tree in "/lib/modules/$(uname -r)/"{source,build}; do # as the program looks for headers
		[[ ! -e $tree/include/linux/kconfig.h ]] || return 0
	done
	for module in "${modules[@]}"; do
		[[ ! -e /sys/module/$module/initstate || -e /sys/kernel/btf/$module ]] ||
			skip "there are no types for netfilter: neither BTF of $module nor headers"
	done
}

# Only in a guest are modules loaded and unloaded by hand.
need_br_netfilter() {
	[[ ! ${TRACEPKT_VM-} || -e /sys/module/br_netfilter ]] || {
		modprobe br_netfilter
		unload_at_end=br_netfilter # for it changes the ways of all bridges
	}
	[[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ]] || skip 'br_netfilter is not loaded'
}

need_no_module() { # MODULE...
	local module
	for module; do
		[[ -e /sys/module/$module ]] || continue
		[[ ${TRACEPKT_VM-} && -e /sys/module/$module/initstate ]] || skip "$module is loaded"
		wait_until 20 unload "$module" || fail "$module cannot be unloaded"
	done
}

# With those that use it; false while there is a namespace that does.
unload() { # MODULE
	local user
	for user in "/sys/module/$1/holders/"*; do
		[[ ! -e $user ]] || unload "${user##*/}" || return
	done
	[[ ! -e /sys/module/$1 ]] || rmmod "$1" 2>/dev/null
}

# Rules as text, of iptables-save or nft.
rules() { # NS PROGRAM < RULES
	local program=$2
	case $program in
	nft) in_ns "$1" nft -f - ;;
	*) in_ns "$1" "$program-restore" -n ;;
	esac || fail "$program does not take the rules"
}

# For a rule of iptables: matches the first packet that comes to it.
only_first() {
	echo '-m statistic --mode nth --every 1000 --packet 0'
}

# A chain of nftables, fw.c, with one rule.
fw_rule() { # NS FAMILY HOOK RULE
	rules "$1" nft <<-RULES
		table $2 fw {
			chain c {
				type filter hook $3 priority 0
				$4
			}
		}
	RULES
}

# Beside one_router a host for copies: r aside .1 -- 203.0.113.0/24 -- .2 eth0 copies
host_for_copies() {
	ns_add copies
	veth r aside copies eth0
	addr r aside 203.0.113.1/24
	addr copies eth0 203.0.113.2/24
	wait_ping r 203.0.113.2
}

# The five tables with all their chains, which accept everything. The chains of nat see something
# only if there are connections, for which a rule must ask.
all_tables() { # NS PROGRAM
	local table chain chains
	for table in raw mangle nat filter security; do
		case $table in
		raw) chains='PREROUTING OUTPUT' ;;
		mangle) chains='PREROUTING INPUT FORWARD OUTPUT POSTROUTING' ;;
		nat) chains='PREROUTING INPUT OUTPUT POSTROUTING' ;;
		*) chains='INPUT FORWARD OUTPUT' ;;
		esac
		echo "*$table"
		for chain in $chains; do
			echo ":$chain ACCEPT [0:0]"
		done
		[[ $table != filter ]] || echo '-A OUTPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT'
		echo COMMIT
	done | rules "$1" "$2"
}
