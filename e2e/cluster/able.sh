#!/usr/bin/env bash
# Says why the cluster cannot come up on this machine, and ends with 1; says nothing where it can.
set -euo pipefail
cannot() {
  echo "$1"
  exit 1
}
[ "$(uname -s)" = Linux ] || cannot "network namespaces and cgroups are Linux'"
[ "$(id -u)" = 0 ] || cannot "nodes need root, for their network namespaces and mounts"
[ -w /sys/fs/cgroup/cpuset ] || cannot "the nodes' kubelets are set up for cgroup v1, and cpuset is not there"
unshare --net --mount true 2> /dev/null || cannot "this machine lets nobody make network namespaces"
command -v apt-get > /dev/null || cannot "containerd and runc come from Debian's packages, and there is no apt-get"
[ "$(git rev-parse --is-shallow-repository)" = false ] || cannot "the clone is shallow, and upgrades begin with an older commit of it"
[ "$(df --output=avail -k /var/tmp | tail -1)" -gt $((15 << 20)) ] || cannot "less than 15 GiB are free in /var/tmp, for three nodes' images and disks"
[ "$(awk '/MemAvailable/ { print $2 }' /proc/meminfo)" -gt $((8 << 20)) ] || cannot "less than 8 GiB of memory are free, for three nodes"
