#!/bin/bash
# A shell on the console of a kernel of kernels.txt. Takes run.sh's options: shell.sh --headers 6.1
set -euo pipefail
exec "$(dirname "$0")/run.sh" --interactive --timeout 0 "$@" -- bash --login
