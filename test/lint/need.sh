# shellcheck shell=bash
# Sourced by the checks: leaves with 77 (skipped) if a tool is missing, with 1 where CI=true.
need() {
	command -v "$1" >/dev/null && return
	echo "$1 is not installed"
	[ "${CI:-}" = true ] && exit 1
	exit 77
}
