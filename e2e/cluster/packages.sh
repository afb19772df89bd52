#!/usr/bin/env bash
# Installs the Debian packages that nodes and images are made with, where they are missing.
set -euo pipefail
declare -A of=([containerd]=containerd [runc]=runc [buildah]=buildah [debootstrap]=debootstrap [iptables]=iptables [ipset]=ipset
  [conntrack]=conntrack [ethtool]=ethtool [socat]=socat [ip]=iproute2 [nsenter]=util-linux [openssl]=openssl [gcc]=gcc)
missing=()
for program in "${!of[@]}"; do command -v "$program" > /dev/null || missing+=("${of[$program]}"); done
[ -x /usr/lib/cni/bridge ] || missing+=(containernetworking-plugins)
[ "${#missing[@]}" -gt 0 ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
  echo "A cluster on this machine needs root and Debian's packages: ${missing[*]}. With a cluster of your own: make e2e E2E_CLUSTER=existing" >&2
  exit 1
fi
echo "cluster: installing ${missing[*]}" >&2
apt-get install -y -q --no-install-recommends "${missing[@]}" > /dev/null || { apt-get update -q > /dev/null; apt-get install -y -q --no-install-recommends "${missing[@]}" > /dev/null; }
