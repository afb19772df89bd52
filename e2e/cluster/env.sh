# Settings of the cluster's scripts, and what they share. CLUSTER_STATE names another place for what a running cluster keeps.
HERE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/tagma/e2e   # images, made once
STATE=${CLUSTER_STATE:-/var/tmp/tagma-e2e}        # keys, logs, etcd and the nodes' disks, gone with the cluster
BIN=$("$HERE/../../src/build/kube.sh" find nodes)
NODES=3
PREFIX=tagma                                       # of namespaces, links and cgroups

# Ranges that are for documentation and for benchmarks of network devices (RFC 5737, RFC 2544): nobody's real addresses. They exist in the
# cluster's own network namespaces; the machine itself gets one address on the bridge and a route to the Services.
HOST_IP=198.51.100.254
SWITCH_IP=198.51.100.253
CONTROL_PLANE_IP=198.51.100.10
POD_CIDR=198.18.0.0/24
SERVICE_CIDR=198.19.0.0/16
API_SERVICE_IP=198.19.0.1
DNS_SERVICE_IP=198.19.0.10
node_ip() { echo "198.51.100.$((10 + $1))"; }
node_pod_cidr() { echo "198.18.0.$((64 * ($1 - 1)))/26"; }
node_names() { seq -f node%g "$NODES"; }

export KUBECONFIG=$STATE/admin.kubeconfig
kubectl() { "$BIN/kubectl" "$@"; }

inside() { # NAMESPACE COMMAND... : `ip netns exec` would hide the cgroup mounts from the kubelet
  local namespace=$1
  shift
  nsenter --net="/run/netns/$PREFIX-$namespace" "$@"
}
start() { # NAMESPACE NAME COMMAND... : a daemon, with its log and its process number in the state
  local namespace=$1 name=$2
  shift 2
  (
    # it outlives whoever starts it, and must not keep what that one has open, such as a lock
    for fd in "/proc/$BASHPID/fd"/*; do [ "${fd##*/}" -le 2 ] || eval "exec ${fd##*/}>&-"; done
    exec setsid nohup nsenter --net="/run/netns/$PREFIX-$namespace" "$@"
  ) >> "$STATE/log/$name.log" 2>&1 < /dev/null &
  echo $! > "$STATE/run/$name.pid"
}
stop() { # NAME [SIGNAL] : waits for the end, and kills what does not end within 15 s
  local file=$STATE/run/$1.pid pid
  [ -f "$file" ] || return 0
  pid=$(< "$file")
  kill "-${2:-TERM}" "$pid" 2> /dev/null || true
  for _ in $(seq 75); do kill -0 "$pid" 2> /dev/null || break; sleep .2; done
  kill -KILL "$pid" 2> /dev/null || true
  rm -f "$file"
}
wait_for() { # SECONDS COMMAND...
  local tries=$(($1 * 5))
  shift
  for _ in $(seq "$tries"); do "$@" > /dev/null 2>&1 && return 0; sleep .2; done
  echo "gave up waiting for: $*" >&2
  return 1
}
cgroup_controllers() { # the mounts of cgroup v1, one per line; nothing on cgroup v2
  local mount
  for mount in /sys/fs/cgroup/*/; do
    mount=${mount%/}
    [ "${mount##*/}" = unified ] || [ ! -f "$mount/tasks" ] || echo "$mount"
  done
}
