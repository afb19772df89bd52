#!/usr/bin/env bash
# Prints the directory of a real Kubernetes control plane for tests (etcd, kube-apiserver, kube-controller-manager, kubectl); builds it
# once from Go modules into a cache outside the tree. KUBE_API_TEST_DIR names a cache of your own; KUBE_VERSION another version.
# `kube.sh nodes` adds what a whole cluster takes: scheduler, kubelet, kube-proxy, CoreDNS, metrics-server, helm, kubeconform.
# `kube.sh checks` adds what judges objects: kube-score, cyclonus for NetworkPolicies, and e2e/health for GitOps.
# `kube.sh find [nodes] [checks]` prints the directory where it is complete, and fails without building where it is not.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")/kube
health=$here/../../../e2e/health
version=${KUBE_VERSION:-1.34.4}
cache=${KUBE_API_TEST_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/tagma/kube}
os=$(uname -s | tr '[:upper:]' '[:lower:]'); arch=$(uname -m); arch=${arch/x86_64/amd64}; arch=${arch/aarch64/arm64}
bin=$cache/k8s/$version-$os-$arch
programs=(etcd kube-apiserver kube-controller-manager kubectl)
nodes=(kube-scheduler kubelet kube-proxy coredns metrics-server helm kubeconform)
checks=(kube-score cyclonus health)
only_find=false
for word in "$@"; do
  case $word in
    find) only_find=true ;;
    nodes) programs+=("${nodes[@]}") ;;
    checks) programs+=("${checks[@]}") ;;
    *) echo "kube.sh: there is no '$word': find, nodes, checks" >&2; exit 2 ;;
  esac
done
is_current() { # ours is built again when it has changed
  [ -x "$bin/$1" ] && { [ "$1" != health ] || cat "$health"/* | cmp -s - "$bin/health.made-of"; }
}
complete() { local p; for p in "${programs[@]}"; do is_current "$p" || return 1; done; }
if complete; then echo "$bin"; exit 0; fi
if $only_find; then
  echo "The programs of Kubernetes $version are not all in $bin. Build them, once, with: src/build/kube.sh ${*/find/}" >&2
  exit 1
fi

mkdir -p "$bin"
exec 9> "$cache/lock"
flock 9
if complete; then echo "$bin"; exit 0; fi

give_up() {
  cat >&2 << TEXT
The tests run against a real kube-apiserver, and neither its programs nor what it takes to build them are here: $1. Either
  - $2: the programs are then built once, in about 5 minutes; or
  - put etcd, kube-apiserver, kube-controller-manager and kubectl $version into $bin
TEXT
  exit 1
}

go=$(command -v go || ls /usr/local/go/bin/go /usr/lib/go-*/bin/go 2> /dev/null | head -1 || true)
[ -n "$go" ] || give_up "there is no Go toolchain" "install Go 1.26 or newer (https://go.dev/dl, or your package manager)"

build() { # MODULE PACKAGE... : builds packages by a module file that names exact versions, or by a directory with one
  local module=$1 work
  shift
  work=$cache/src/$(basename "$module" .go.mod)
  mkdir -p "$work"
  if [ -d "$module" ]; then cp "$module"/* "$work/"; else cp "$module" "$work/go.mod"; fi
  (cd "$work" && GOFLAGS="-mod=mod -buildvcs=false" CGO_ENABLED=0 GOWORK=off "$go" list -deps "$@" > /dev/null) \
    || give_up "Go cannot fetch the modules, and says above why" \
      "let Go 1.26 or newer reach modules (GOPROXY is $("$go" env GOPROXY))"
  (cd "$work" && GOFLAGS="-mod=mod -buildvcs=false" CGO_ENABLED=0 GOWORK=off "$go" build -trimpath -o "$work/out/" -ldflags "-s -w $flags" "$@" >&2)
  mv "$work"/out/* "$bin/"
}

wants() { [[ " ${programs[*]} " == *" $1 "* ]] && ! is_current "$1"; }
lacks() { local p; for p in "$@"; do [ -x "$bin/$p" ] || return 0; done; return 1; }

if lacks etcd kube-apiserver kube-controller-manager kubectl; then
  echo "tagma: building Kubernetes $version for the tests, once (about 5 minutes on 2 cores) into $bin" >&2
  flags=
  build "$here/etcd.go.mod" go.etcd.io/etcd/server/v3
  mv "$bin/v3" "$bin/etcd" 2> /dev/null || mv "$bin/server" "$bin/etcd"
fi
flags="-X k8s.io/component-base/version.gitVersion=v$version -X k8s.io/component-base/version.gitMajor=${version%%.*}
  -X k8s.io/component-base/version.gitMinor=$(cut -d. -f2 <<< "$version") -X k8s.io/client-go/pkg/version.gitVersion=v$version"
flags=${flags//$'\n'/ }
command=k8s.io/kubernetes/cmd
if lacks kube-apiserver kube-controller-manager kubectl; then
  build "$here/kubernetes.go.mod" $command/kube-apiserver $command/kube-controller-manager $command/kubectl
fi
tool() { # PROGRAM PACKAGE@VERSION
  ! wants "$1" || CGO_ENABLED=0 GOWORK=off GOFLAGS= GOBIN=$bin "$go" install -trimpath -ldflags "-s -w" "$2" >&2 \
    || give_up "Go cannot build $2, and says above why" "let Go 1.26 or newer reach modules (GOPROXY is $("$go" env GOPROXY))"
}
if ! complete; then
  echo "tagma: building what clusters run and what checks them, once (about 5 minutes on 2 cores) into $bin" >&2
  ! wants kube-scheduler && ! wants kubelet && ! wants kube-proxy || build "$here/kubernetes.go.mod" $command/kube-scheduler $command/kubelet $command/kube-proxy
  tool coredns github.com/coredns/coredns@v1.15.0
  tool metrics-server sigs.k8s.io/metrics-server/cmd/metrics-server@v0.9.0
  tool helm helm.sh/helm/v3/cmd/helm@v3.19.4
  tool kubeconform github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0
  tool kube-score github.com/zegl/kube-score/cmd/kube-score@v1.20.0
  tool cyclonus github.com/mattfenwick/cyclonus/cmd/cyclonus@v0.5.6
  flags=
  ! wants health || { build "$health" . && cat "$health"/* > "$bin/health.made-of"; }
fi
complete || { echo "the build ended without ${programs[*]} in $bin" >&2; exit 1; }
echo "$bin"
