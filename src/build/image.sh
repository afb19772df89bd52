#!/usr/bin/env bash
# Builds the image with buildah, or with Docker, as localhost/tagma:VERSION (IMAGE names another), and writes it to target/image.tar for
# nodes without a registry. IMAGE_JDK and IMAGE_BASE replace the bases; IMAGE_BASES=local makes both from this machine's JDK and Debian's
# packages, for places that reach no registry.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
version=$(sed -n '0,/<version>\(.*\)<\/version>/s//\1/p' pom.xml | tr -d ' ')
image=${IMAGE:-localhost/tagma:$version}
tool=${IMAGE_TOOL:-$(command -v buildah || command -v docker || true)}
[ -n "$tool" ] || { echo "An image needs buildah (apt-get install buildah) or Docker, and neither is here" >&2; exit 1; }
[ "${tool##*/}" = docker ] || export STORAGE_DRIVER=${STORAGE_DRIVER:-vfs} BUILDAH_ISOLATION=${BUILDAH_ISOLATION:-chroot}
arguments=()
if [ "${IMAGE_BASES:-}" = local ]; then
  src/build/image-bases.sh
  IMAGE_JDK=localhost/tagma-jdk IMAGE_BASE=localhost/tagma-base
fi
[ -z "${IMAGE_JDK:-}" ] || arguments+=(--build-arg "JDK=$IMAGE_JDK")
[ -z "${IMAGE_BASE:-}" ] || arguments+=(--build-arg "BASE=$IMAGE_BASE")
revision=$(git rev-parse HEAD 2> /dev/null || echo unknown)
created=$(git log -1 --format=%cI 2> /dev/null || echo 1970-01-01T00:00:00Z)
echo "tagma: building $image with ${tool##*/}" >&2
"$tool" build -q -f Containerfile -t "$image" "${arguments[@]}" --build-arg "VERSION=$version" --build-arg "REVISION=$revision" --build-arg "CREATED=$created" . > target/image.id
rm -f target/image.tar
if [ "${tool##*/}" = docker ]; then
  docker save -o target/image.tar "$image"
else
  "$tool" push -q "$image" "docker-archive:target/image.tar:$image" > /dev/null
fi
echo "tagma: $image, $(($(stat -c %s target/image.tar) / 1048576)) MiB, also as target/image.tar" >&2
