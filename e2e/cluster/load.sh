#!/usr/bin/env bash
# load.sh ARCHIVE... : imports images of archives into every node.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
. "$here/env.sh"
workers=()
for i in $(seq "$NODES"); do
  for archive in "$@"; do "$here/node.sh" ctr "$i" images import "$archive" > /dev/null; done &
  workers+=($!)
done
for worker in "${workers[@]}"; do wait "$worker"; done
