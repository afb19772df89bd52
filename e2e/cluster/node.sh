#!/usr/bin/env bash
# node.sh up|down|kill|pids N : one worker with its own containerd, kubelet and kube-proxy. `down` stops them politely; `kill` is a node's
# death: SIGKILL for all of them, the shims and every process of its pods. `node.sh ctr N ...` speaks to its containerd.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/env.sh"
node=node$2
address=$(node_ip "$2")
home=$STATE/$node
run=/run/$PREFIX-$node
socket=$run/containerd.sock
cgroup=/$PREFIX-$node

ctr_() { ctr -a "$socket" -n k8s.io "$@"; }
shim_pids() { pgrep -f -- "-address $socket" || true; }
pod_pids() {
  local controller
  for controller in $(cgroup_controllers); do
    find "$controller$cgroup" -name cgroup.procs -exec cat {} + 2> /dev/null || true
  done | sort -un
}

cgroups() {
  local controller
  for controller in $(cgroup_controllers); do mkdir -p "$controller$cgroup"; done
  # a fresh cpuset has no processor and no memory: nothing can enter it
  cat /sys/fs/cgroup/cpuset/cpuset.cpus > "/sys/fs/cgroup/cpuset$cgroup/cpuset.cpus"
  cat /sys/fs/cgroup/cpuset/cpuset.mems > "/sys/fs/cgroup/cpuset$cgroup/cpuset.mems"
  echo 1 > "/sys/fs/cgroup/memory$cgroup/memory.use_hierarchy" 2> /dev/null || true
}

settings() {
  cat > "$home/containerd.toml" << TOML
version = 2
root = "$home/containerd"
state = "$run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]
[grpc]
  address = "$socket"
[plugins."io.containerd.internal.v1.opt"]
  path = "$home/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  disable_apparmor = true
  stream_server_address = "127.0.0.1"
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
        Root = "$run/runc"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$home/cni"
TOML
  cat > "$home/cni/10-bridge.conflist" << JSON
{"cniVersion": "1.0.0", "name": "$PREFIX-$node", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": false, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "$(node_pod_cidr "${node#node}")"}]], "routes": [{"dst": "0.0.0.0/0"}], "dataDir": "$home/ipam"}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
JSON
  cat > "$home/kubelet.yaml" << YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $STATE/pki/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: $STATE/pki/$node-server.crt
tlsPrivateKeyFile: $STATE/pki/$node-server.key
clusterDNS: [$DNS_SERVICE_IP]
clusterDomain: cluster.local
cgroupDriver: cgroupfs
cgroupRoot: $cgroup
cgroupsPerQOS: true
enforceNodeAllocatable: []
failSwapOn: false
failCgroupV1: false
oomScoreAdj: 0
containerRuntimeEndpoint: unix://$socket
resolvConf: $STATE/resolv.conf
evictionHard: {memory.available: 100Mi, nodefs.available: "1%", imagefs.available: "1%"}
imageGCHighThresholdPercent: 100
localStorageCapacityIsolation: false
nodeStatusUpdateFrequency: 2s
nodeLeaseDurationSeconds: 8
podLogsDir: $home/podlogs
maxPods: 60
YAML
  cat > "$home/proxy.yaml" << YAML
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
clusterCIDR: $POD_CIDR
hostnameOverride: $node
clientConnection: {kubeconfig: $STATE/proxy.kubeconfig}
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
YAML
}

import_images() { # those that are new here
  local image
  for image in "$CACHE"/images/*.tar; do
    [ "$home/imported/${image##*/}" -nt "$image" ] && continue
    ctr_ images import "$image" > /dev/null
    touch "$home/imported/${image##*/}"
  done
}

up() {
  mkdir -p "$home"/{kubelet,cni,ipam,podlogs,containerd,imported} "$run"
  cgroups
  settings
  start "$node" "$node-containerd" containerd -c "$home/containerd.toml"
  wait_for 30 ctr -a "$socket" version
  import_images
  start "$node" "$node-kubelet" "$BIN/kubelet" --config="$home/kubelet.yaml" --kubeconfig="$STATE/$node.kubeconfig" \
    --root-dir="$home/kubelet" --hostname-override="$node" --node-ip="$address" --cert-dir="$home/kubelet/pki" -v=2
  start "$node" "$node-kube-proxy" "$BIN/kube-proxy" --config="$home/proxy.yaml"
}

kill_pods() {
  local pids
  for _ in 1 2 3; do # a shim that dies late may have begun another process
    pids=$({ shim_pids; pod_pids; } | sort -un)
    [ -n "$pids" ] || return 0
    # shellcheck disable=SC2086
    kill -KILL $pids 2> /dev/null || true
    sleep .2
  done
}
kill_all() {
  local daemon
  for daemon in kubelet containerd kube-proxy; do
    kill -KILL "$(cat "$STATE/run/$node-$daemon.pid")" 2> /dev/null || true
    rm -f "$STATE/run/$node-$daemon.pid"
  done
  kill_pods
}
down() {
  stop "$node-kubelet"
  stop "$node-kube-proxy"
  kill_pods
  stop "$node-containerd"
  awk '{print $2}' /proc/mounts | grep -E "^($home|$run)/" | sort -r | while read -r mount; do umount -l "$mount" || true; done
  local controller
  for controller in $(cgroup_controllers) /sys/fs/cgroup/unified; do
    [ ! -d "$controller$cgroup" ] || find "$controller$cgroup" -depth -type d -exec rmdir {} + 2> /dev/null || true
  done
  rm -rf "$run"
}
case $1 in
  up) up ;;
  down) down ;;
  kill) kill_all ;;
  pids) shim_pids; pod_pids ;;
  import) import_images ;;
  ctr) shift 2; ctr_ "$@" ;;
esac
