#!/usr/bin/env bash
# Prints the directory of the version that upgrades begin with: image.tar, its image, and chart.tgz, its chart, whose appVersion is the
# image's tag. Both are built from a commit of this repository, once, into the cache. PREVIOUS names another commit or a tag.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
root=$(readlink -f "$here/..")
. "$here/cluster/env.sh"
# The first version that ran on a cluster with kubelets; a release takes its place once there is one.
previous=${PREVIOUS:-13f29041a6bb27d96282f7ec660845403736d60a}
commit=$(git -C "$root" rev-parse --verify -q "$previous^{commit}") || {
  echo "upgrades begin with $previous, which is not in this repository's history: git fetch --unshallow, or PREVIOUS=COMMIT" >&2
  exit 1
}
version=0.1.0-g${commit:0:10}
directory=$CACHE/previous/$version
if [ ! -f "$directory/chart.tgz" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  echo "e2e: building $version, with which upgrades begin" >&2
  git clone -q -s -n "$root" "$work/tagma"
  cd "$work/tagma"
  git checkout -q "$commit"
  IMAGE=localhost/tagma:$version IMAGE_BASES=${IMAGE_BASES:-local} make -s image >&2
  # Its CRDs are as today's: for an upgrade to have a field to bring, they lack this one.
  sed -i '/^                      version:$/,/type: string$/d' helm/tagma/files/crds/agentpools.yaml
  ! git diff --quiet -- helm || { echo "agents[].version of agentpools.yaml was not found" >&2; exit 1; }
  mkdir -p "$directory"
  mv target/image.tar "$directory/"
  "$BIN/helm" package helm/tagma --version "$version" --app-version "$version" --destination "$work" > /dev/null
  mv "$work/tagma-$version.tgz" "$directory/chart.tgz"
fi
echo "$directory"
