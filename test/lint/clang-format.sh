#!/bin/bash
# Is every C file formatted as .clang-format says? Arguments: source directory, build directory.
set -euo pipefail
# shellcheck source=test/lint/need.sh
. "$(dirname "$0")/need.sh"
need clang-format
cd "$1"
find src probes test \( -name '*.c' -o -name '*.h' \) -print0 | xargs -0 clang-format --dry-run --Werror
