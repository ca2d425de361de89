#!/bin/bash
# cppcheck over the program's sources. Arguments: source directory, build directory.
set -euo pipefail
# shellcheck source=test/lint/need.sh
. "$(dirname "$0")/need.sh"
need cppcheck
cd "$1"
cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 \
	--enable=warning,style,performance,portability \
	--suppress=missingIncludeSystem --suppress=variableScope --suppress=constParameterCallback \
	-D_GNU_SOURCE -DHAVE_BTF_TYPE_CNT -DHAVE_BTF_LOAD_MODULE -DHAVE_BTF_DUMP_NEW_OPTS_LAST \
	-I src -I probes -I "$2" src
