#!/bin/bash
# Run inside a guest: runs scenarios by their names, of test/e2e or of this folder.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

names=()
for name; do
	script=$(script_of "$name") || die "no scenario '$name'"
	# as run.sh wants it
	names+=("$(realpath --relative-to "$repo_dir/test/e2e/scenarios" "${script%.sh}")")
done
# Loaded now, they are the same for all scenarios, and so is what tracepkt has to compile.
modprobe -qa ip_tables ip6_tables nf_tables || true # a kernel may lack one
exec "$repo_dir/test/e2e/run.sh" "${names[@]}"
