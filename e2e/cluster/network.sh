#!/usr/bin/env bash
# network.sh up|down|cut N|join N : a namespace for the control plane and for each node, joined by a bridge in a namespace that has no way
# out. `cut` takes the link of node N down, `join` brings it back.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/env.sh"

attach() { # NAMESPACE ADDRESS
  ip netns add "$PREFIX-$1"
  inside "$1" ip link set lo up
  ip link add "$PREFIX$1" netns "$PREFIX-$1" type veth peer name "to-$1" netns "$PREFIX-switch"
  inside switch ip link set "to-$1" master br0 up
  inside "$1" ip addr add "$2/24" dev "$PREFIX$1"
  inside "$1" ip link set "$PREFIX$1" up
  inside "$1" sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1 \
    net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
  inside "$1" ip route add default via "$SWITCH_IP" # kubelet and Services ask for one; the switch answers "unreachable"
}
routes() { # NAMESPACE : to the pods of the other nodes. Never in the machine's own namespace: it may need these ranges itself
  local i
  for i in $(seq "$NODES"); do
    [ "$1" = "node$i" ] || inside "$1" ip route replace "$(node_pod_cidr "$i")" via "$(node_ip "$i")"
  done
}
up() {
  [ ! -e "/run/netns/$PREFIX-switch" ] || return 0
  local i namespace
  ip netns add "$PREFIX-switch"
  inside switch ip link set lo up
  inside switch ip link add br0 type bridge
  inside switch ip addr add "$SWITCH_IP/24" dev br0
  inside switch ip link set br0 up
  inside switch sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=0 net.ipv4.conf.all.send_redirects=0
  ip link add "$PREFIX-host" type veth peer name to-host netns "$PREFIX-switch"
  inside switch ip link set to-host master br0 up
  ip addr add "$HOST_IP/24" dev "$PREFIX-host"
  ip link set "$PREFIX-host" up
  attach control "$CONTROL_PLANE_IP"
  for i in $(seq "$NODES"); do attach "node$i" "$(node_ip "$i")"; done
  for namespace in switch control $(node_names); do routes "$namespace"; done
  ip route add "$SERVICE_CIDR" via "$(node_ip 1)" # Services from this machine, by way of node1's kube-proxy
}
down() {
  ip route del "$SERVICE_CIDR" via "$(node_ip 1)" 2> /dev/null || true
  ip link del "$PREFIX-host" 2> /dev/null || true
  local namespace
  for namespace in control switch $(node_names); do ip netns del "$PREFIX-$namespace" 2> /dev/null || true; done
}
join() {
  inside "node$1" ip link set "${PREFIX}node$1" up
  inside "node$1" ip route replace default via "$SWITCH_IP"
  routes "node$1"
}
case $1 in
  up) up ;;
  down) down ;;
  cut) inside "node$2" ip link set "${PREFIX}node$2" down ;;
  join) join "$2" ;;
esac
