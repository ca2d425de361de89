#!/bin/bash
# clang-tidy over the program's sources, with the checks of .clang-tidy. Arguments: source directory,
# build directory (for compile_commands.json).
set -euo pipefail
# shellcheck source=test/lint/need.sh
. "$(dirname "$0")/need.sh"
need clang-tidy
cd "$1"
find src -name '*.c' -print0 | xargs -0 -P 2 -n 8 clang-tidy --quiet --warnings-as-errors='*' -p "$2" 2>&1 |
	{ grep -vE '^[0-9]+ warnings? generated|^Suppressed|^Use -header-filter' || true; }
