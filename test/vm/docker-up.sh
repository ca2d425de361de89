#!/bin/bash
# Run inside a guest (run.sh --docker): starts dockerd and four idle containers, without any registry:
# c1 and c2 on docker0, c3 and c4 on the user-defined network testnet. Prints a line each: name, IPv4
# address, process id, interface on the host. What dockerd says goes to /run/docker-up.log.
set -euo pipefail
# Not a docker of the host's /usr/local; the iptables that docker-test.sh chose comes first.
PATH=/run/docker-iptables:/usr/sbin:/usr/bin:/sbin:/bin

fail() {
	echo "docker-up.sh: $*" >&2
	tail -n 20 /run/docker-up.log >&2
	exit 1
}

start_dockerd() {
	# Docker's own overlay cannot lie upon the guest's, but upon a tmpfs.
	mkdir -p /var/lib/docker
	mount -t tmpfs docker /var/lib/docker
	echo '{}' >/run/docker.json # whatever the host has in /etc/docker is none of ours
	# Without garbage collection it is up in two thirds of the time, and it will not run for long.
	GOGC=off setsid dockerd --config-file /run/docker.json --data-root /var/lib/docker \
		--storage-driver overlay2 --exec-opt native.cgroupdriver=cgroupfs \
		>/run/docker-up.log 2>&1 </dev/null &
	dockerd_pid=$!
}

wait_for_dockerd() {
	local deadline=$((SECONDS + 120))
	until [[ -S /run/docker.sock ]] && docker version >/dev/null 2>&1; do
		kill -0 "$dockerd_pid" 2>/dev/null || fail "dockerd ended"
		((SECONDS < deadline)) || fail "dockerd does not answer"
		sleep 0.2
	done
}

# A file system with nothing but busybox in it.
make_image() {
	mkdir -p /run/image/{bin,proc,sys,dev,etc,tmp}
	cp "$(command -v busybox)" /run/image/bin/busybox
	for applet in sh ping sleep ip cat; do
		ln -sf busybox "/run/image/bin/$applet"
	done
	tar -C /run/image -c . >/run/image.tar
}

run_container() { # NAME NETWORK
	docker run -d --name "$1" --network "$2" busybox sleep 86400 >/dev/null || fail "$1 does not start"
}

describe() {
	local name pid address link
	docker inspect -f '{{.Name}} {{.State.Pid}} {{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' \
		c1 c2 c3 c4 |
		while read -r name pid address; do
			link=$(nsenter -t "$pid" -n ip -o link show eth0 | sed 's/.*@if\([0-9]*\).*/\1/')
			echo "${name#/} $address $pid $(ip -o link | awk -F'[:@ ]+' "\$1 == $link { print \$2 }")"
		done
}

# both COMMAND COMMAND: side by side, for each waits for dockerd now and then.
both() {
	local first failed=0
	$1 &
	first=$!
	$2 || failed=1
	wait "$first" || failed=1
	return "$failed"
}

start_dockerd
make_image
wait_for_dockerd
both "docker import /run/image.tar busybox" "docker network create testnet" >/dev/null ||
	fail "no image or no network"
# In this order, so that addresses are known: c1 is 172.17.0.2, c2 is 172.17.0.3.
both "run_container c1 bridge" "run_container c3 testnet"
both "run_container c2 bridge" "run_container c4 testnet"
describe
