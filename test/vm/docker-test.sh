#!/bin/bash
# Run inside a guest (run.sh --docker): real containers on docker0 and on a user-defined network, and what
# tracepkt shows of a ping to one and between two: docker-test.sh nft|legacy, which is the iptables that
# Docker is to use. TRACEPKT names the program, TRACEPKT_ARGS has options for it.
set -euo pipefail

fail() {
	echo "FAIL: $*"
	[[ ! -s $out ]] || sed 's/^/  /' "$out" "$err"
	exit 1
}

# One ping; it must be answered, and nothing be left out.
trace() { # ARGUMENT...
	"$TRACEPKT" ${args[@]+"${args[@]}"} -o json "$@" >"$out" 2>"$err" || fail "no reply: $*"
	! grep -vE '^tracepkt: [^;]* is not loaded [^;]*(; [^;]* is not loaded [^;]*)*$' "$err" ||
		fail 'something on standard error'
}

# Asserts the rows of the last run: "NETNS IFNAME DIR-OR-CHAIN TYPE" a line, - for the host's namespace.
expect_rows() {
	local got wanted
	got=$(jq -r --argjson host "$host" 'select(.event != "summary") | [
		(if .netns == $host then "-" else .netns_name end), .ifname,
		(.dir // "\(.table).\(.chain):\(.verdict)"), .type] | join(" ")' "$out")
	wanted=$(sed 's/^[[:space:]]*//; /^$/d')
	diff <(echo "$wanted") <(echo "$got") || fail "other rows than expected (<)"
}

field() { # CONTAINER NUMBER
	awk -v name="$1" -v n="$2" '$1 == name { print $n }' "$who"
}

# Docker takes the iptables that it finds first.
choose_iptables() {
	local name dir=/run/docker-iptables
	mkdir "$dir"
	for name in {ip,ip6}tables{,-save,-restore}; do
		ln -s "$(type -P "${name/tables/tables-$backend}")" "$dir/$name"
	done
	export PATH=$dir:$PATH
}

backend=${1-}
[[ $backend == nft || $backend == legacy ]] || { echo "usage: docker-test.sh nft|legacy" >&2; exit 1; }
read -ra args <<<"${TRACEPKT_ARGS-}"
who=$(mktemp) out=$(mktemp) err=$(mktemp)
choose_iptables
"$(dirname "$0")/docker-up.sh" >"$who" || fail "no containers"
host=$(stat -Lc %i /proc/self/ns/net)
iptables-"$backend" -t nat -nL DOCKER >/dev/null || fail "Docker did not use iptables-$backend"

# With iptables-legacy each table in use has all its chains, whether they have rules or not. In containers
# of user-defined networks Docker has rules for its name server in nat, and looks at filter.
legacy() {
	[[ $backend == nft ]] || sed 's/^[[:space:]]*//'
}

trace 172.17.0.2
expect_rows <<-ROWS
	- docker0 nat.OUTPUT:ACCEPT request
	$(legacy <<<'- docker0 filter.OUTPUT:ACCEPT request')
	- docker0 nat.POSTROUTING:ACCEPT request
	- docker0 tx request
	- $(field c1 4) tx request
	c1 eth0 rx request
	c1 eth0 tx reply
	- $(field c1 4) rx reply
	- docker0 rx reply
	$(legacy <<<'- docker0 filter.INPUT:ACCEPT reply')
ROWS

# Bridged packets cross the host's chains, as Docker loads br_netfilter.
bridge=$(ip -j link show "$(field c3 4)" | jq -r ".[0].master")
trace -N "$(field c3 3)" "$(field c4 2)"
expect_rows <<-ROWS
	c3 eth0 nat.OUTPUT:ACCEPT request
	$(legacy <<<'c3 eth0 filter.OUTPUT:ACCEPT request')
	c3 eth0 nat.POSTROUTING:ACCEPT request
	c3 eth0 tx request
	- $(field c3 4) rx request
	- $bridge nat.PREROUTING:ACCEPT request
	- $bridge filter.FORWARD:ACCEPT request
	- $bridge nat.POSTROUTING:ACCEPT request
	- $(field c4 4) tx request
	c4 eth0 rx request
	$(legacy <<-CHAINS
		c4 eth0 nat.PREROUTING:ACCEPT request
		c4 eth0 filter.INPUT:ACCEPT request
		c4 eth0 nat.INPUT:ACCEPT request
	CHAINS
	)
	$(legacy <<<'c4 eth0 filter.OUTPUT:ACCEPT reply')
	c4 eth0 tx reply
	- $(field c4 4) rx reply
	- $bridge filter.FORWARD:ACCEPT reply
	- $(field c3 4) tx reply
	c3 eth0 rx reply
	$(legacy <<<'c3 eth0 filter.INPUT:ACCEPT reply')
ROWS
