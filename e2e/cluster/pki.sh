#!/usr/bin/env bash
# Makes the cluster's keys, certificates and kubeconfigs in the state, once.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/env.sh"
mkdir -p "$STATE/pki"
cd "$STATE/pki"
[ ! -f done ] || exit 0

curve() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "$@" 2> /dev/null; }
authority() { curve -x509 -days 3650 -subj "/CN=$2" -keyout "$1.key" -out "$1.crt"; }
certificate() { # NAME SUBJECT AUTHORITY EXTENSIONS
  curve -subj "$2" -keyout "$1.key" -out "$1.csr"
  openssl ec -in "$1.key" -out "$1.key" 2> /dev/null # in the form that names the algorithm: the Java client takes any other for RSA
  openssl x509 -req -in "$1.csr" -CA "$3.crt" -CAkey "$3.key" -CAcreateserial -days 3650 -out "$1.crt" -extfile <(printf '%s' "$4") 2> /dev/null
}
client() { certificate "$1" "$2" "${3:-ca}" $'keyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=clientAuth'; }
server() { certificate "$1" "$2" ca $'extendedKeyUsage=serverAuth\nsubjectAltName='"$3"; }
kubeconfig() {
  cat > "$STATE/$1.kubeconfig" << YAML
apiVersion: v1
kind: Config
clusters: [{name: e2e, cluster: {server: "https://$CONTROL_PLANE_IP:6443", certificate-authority: $STATE/pki/ca.crt}}]
users: [{name: $1, user: {client-certificate: $STATE/pki/$1.crt, client-key: $STATE/pki/$1.key}}]
contexts: [{name: e2e, context: {cluster: e2e, user: $1}}]
current-context: e2e
YAML
}

authority ca tagma-e2e-ca
authority front-proxy-ca front-proxy-ca
openssl genrsa -out sa.key 2048 2> /dev/null
openssl rsa -in sa.key -pubout -out sa.pub 2> /dev/null
server apiserver /CN=kube-apiserver "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,DNS:localhost,IP:127.0.0.1,IP:$API_SERVICE_IP,IP:$CONTROL_PLANE_IP"
client apiserver-kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client
client front-proxy-client /CN=front-proxy-client front-proxy-ca
client admin /O=system:masters/CN=admin
client controller-manager /O=system:kube-controller-manager/CN=system:kube-controller-manager
client scheduler /CN=system:kube-scheduler
client proxy /CN=system:kube-proxy
for i in $(seq "$NODES"); do
  client "node$i" "/O=system:nodes/CN=system:node:node$i"
  server "node$i-server" "/O=system:nodes/CN=system:node:node$i" "DNS:node$i,IP:$(node_ip "$i")"
done
for user in admin controller-manager scheduler proxy $(node_names); do kubeconfig "$user"; done
touch done
