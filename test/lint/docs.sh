#!/bin/bash
# Do README and man page tell of every option that the program has, and of no other? Arguments: source
# directory, build directory.
set -euo pipefail
cd "$1"
options=$("$2/tracepkt" --help | grep -oE '^ +(-[a-zA-Z0-9])?,? *(--[a-z-]+)?' | grep -oE -- '--?[a-zA-Z0-9-]+')
page=$(sed 's/\\//g' docs/tracepkt.8.scd)
status=0
for option in $options; do
	if ! grep -qE -- "^\*.*$option(\*|=)" <<<"$page"; then
		echo "docs/tracepkt.8.scd does not describe $option"
		status=1
	fi
done
for option in $(grep -E '^\*-' <<<"$page" | grep -oE -- '\*--?[a-zA-Z0-9-]+' | tr -d '*'); do
	if ! grep -qxF -- "$option" <<<"$options"; then
		echo "docs/tracepkt.8.scd describes $option, which the program does not have"
		status=1
	fi
done
exit $status
