#!/usr/bin/env bash
# `kubectl tagma`: the program beside this file, on the cluster of the current context unless an option names a local store.
set -euo pipefail
self=$(readlink -f "${BASH_SOURCE[0]}" 2>/dev/null || echo "${BASH_SOURCE[0]}")
export TAGMA_PLUGIN=kubectl
exec "$(dirname "$self")/tagma" "$@"
