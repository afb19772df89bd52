#!/usr/bin/env bash
# One control plane and three nodes, each in a network namespace of its own, joined by a bridge that leads nowhere else. Prints the times.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
"$here/packages.sh"
"$here/../../src/build/kube.sh" nodes > /dev/null
. "$here/env.sh"
"$here/images.sh"
[ ! -d "$STATE" ] || { echo "cluster: there is one in $STATE: make e2e-cluster-down ends it" >&2; exit 1; }
began=$(date +%s%3N)
reached() { echo "cluster: $(($(date +%s%3N) - began)) ms: $*" >&2; }

mkdir -p "$STATE"/{log,run}
"$here/network.sh" up
"$here/pki.sh"
echo "nameserver 127.0.0.1" > "$STATE/resolv.conf"
reached "network and keys"

start control etcd "$BIN/etcd" --data-dir "$STATE/etcd" --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
  --listen-peer-urls http://127.0.0.1:2380 --unsafe-no-fsync
pki=$STATE/pki
start control kube-apiserver "$BIN/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 --secure-port=6443 --advertise-address="$CONTROL_PLANE_IP" \
  --service-cluster-ip-range="$SERVICE_CIDR" --client-ca-file="$pki/ca.crt" --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" \
  --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
  --service-account-key-file="$pki/sa.pub" --service-account-signing-key-file="$pki/sa.key" --service-account-issuer=https://kubernetes.default.svc.cluster.local \
  --kubelet-client-certificate="$pki/apiserver-kubelet-client.crt" --kubelet-client-key="$pki/apiserver-kubelet-client.key" \
  --kubelet-certificate-authority="$pki/ca.crt" --kubelet-preferred-address-types=InternalIP \
  --requestheader-client-ca-file="$pki/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy-client --requestheader-username-headers=X-Remote-User \
  --requestheader-group-headers=X-Remote-Group --requestheader-extra-headers-prefix=X-Remote-Extra- \
  --proxy-client-cert-file="$pki/front-proxy-client.crt" --proxy-client-key-file="$pki/front-proxy-client.key" --enable-aggregator-routing=true \
  --allow-privileged=true --min-request-timeout=300
wait_for 60 kubectl get --raw /readyz
reached "API server ready"

kubeconfigs() { echo "--kubeconfig=$STATE/$1.kubeconfig --authentication-kubeconfig=$STATE/$1.kubeconfig --authorization-kubeconfig=$STATE/$1.kubeconfig --leader-elect=false"; }
# shellcheck disable=SC2046
start control kube-controller-manager "$BIN/kube-controller-manager" $(kubeconfigs controller-manager) --service-account-private-key-file="$pki/sa.key" \
  --root-ca-file="$pki/ca.crt" --use-service-account-credentials=true --cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key" \
  --node-monitor-period=1s --node-monitor-grace-period=8s --node-eviction-rate=10
# shellcheck disable=SC2046
start control kube-scheduler "$BIN/kube-scheduler" $(kubeconfigs scheduler)

workers=()
for i in $(seq "$NODES"); do
  "$here/node.sh" up "$i" < /dev/null &
  workers+=($!)
done
for worker in "${workers[@]}"; do wait "$worker"; done # a bare wait would wait for etcd too, which is a job of this shell
nodes_ready() { [ "$(kubectl get nodes -o jsonpath='{range .items[*]}{.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}' | grep -c True)" = "$NODES" ]; }
wait_for 90 nodes_ready
reached "$NODES nodes ready"
kubectl apply -f "$here/addons" > /dev/null
volumes() { # for whoever claims one; Postgres' user owns them, as kubelets change no owner of a hostPath
  local i
  for i in 1 2 3; do
    install -d -o 999 -g 999 -m 700 "$STATE/volumes/$i"
    echo "{apiVersion: v1, kind: PersistentVolume, metadata: {name: volume-$i}, spec: {capacity: {storage: 10Gi}, accessModes: [ReadWriteOnce],
      storageClassName: standard, hostPath: {path: $STATE/volumes/$i}}}"
    echo ---
  done
}
volumes | kubectl apply -f - > /dev/null
wait_for 60 kubectl -n kube-system rollout status deployment/coredns --timeout=1s
reached "DNS ready"
echo "cluster: export KUBECONFIG=$KUBECONFIG" >&2
