#!/usr/bin/env bash
# Ends the cluster and removes all it made: processes, namespaces, links, mounts, cgroups and the state.
set -uo pipefail
here=$(dirname "$(readlink -f "$0")")
. "$here/env.sh"
[ -d "$STATE" ] || exit 0
nodes=()
for i in $(seq "$NODES"); do
  "$here/node.sh" down "$i" &
  nodes+=($!)
done
for node in "${nodes[@]}"; do wait "$node"; done
for daemon in kube-scheduler kube-controller-manager kube-apiserver etcd; do stop "$daemon" KILL; done # a polite kube-apiserver takes 15 s
"$here/network.sh" down
rm -rf "$STATE"
