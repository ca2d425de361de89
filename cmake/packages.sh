# shellcheck shell=bash
# Sourced by demo.sh and test.sh: installs Debian packages that are missing, with progress on
# standard error. The lists say what each group is for; docs/dependencies.md says why.
# shellcheck disable=SC2034  # used by those who source this

build_packages=(gcc libc6-dev linux-libc-dev make cmake pkg-config scdoc
	libbpfcc-dev libbpf-dev libelf-dev libjansson-dev libmnl-dev)
demo_packages=(iproute2)

say() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die() {
	say "$@"
	exit 2
}

need_root() {
	[ "$(id -u)" = 0 ] || die "must be root; run: sudo ./${0##*/}"
}

missing_packages() {
	local p
	for p in "$@"; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || echo "$p"
	done
}

install_packages() {
	local missing log
	command -v dpkg-query >/dev/null || {
		say "not a Debian system: install by hand what Debian calls $*"
		return
	}
	mapfile -t missing < <(missing_packages "$@")
	[ ${#missing[@]} -gt 0 ] || return 0
	say "installing ${missing[*]}"
	log=$(mktemp)
	if ! { apt-get update && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
		tail -n 20 "$log" >&2
		rm -f "$log"
		die "cannot install ${missing[*]}; see the lines above"
	fi
	rm -f "$log"
}

# Configures and builds into a directory, silently unless it fails: build DIR [CMAKE-ARGUMENT]...
build() {
	local dir=$1 log
	shift
	mkdir -p "$dir"
	log=$dir/build.log
	if ! { cmake -S . -B "$dir" "$@" && cmake --build "$dir" --parallel "$(nproc)"; } >"$log" 2>&1; then
		tail -n 40 "$log" >&2
		die "the build in $dir failed; the whole log is $log"
	fi
}
