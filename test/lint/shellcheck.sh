#!/bin/bash
# Runs shellcheck over all shell scripts. Arguments: source directory, build directory.
set -euo pipefail
# shellcheck source=test/lint/need.sh
. "$(dirname "$0")/need.sh"
need shellcheck
cd "$1"
find . -path "./build*" -prune -o \( -name "*.sh" -o -path ./.ci/run \) -print0 |
	xargs -0 -P 2 -n 16 shellcheck -x --severity=style
