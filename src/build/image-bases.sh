#!/usr/bin/env bash
# Makes the image's two bases from what this machine has: localhost/tagma-jdk (a Debian with the JDK that the build uses) and
# localhost/tagma-base (glibc, time zones, certificates of authorities, one user; no shell). Needs root, buildah and debootstrap.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
export STORAGE_DRIVER=${STORAGE_DRIVER:-vfs} BUILDAH_ISOLATION=${BUILDAH_ISOLATION:-chroot}
have() { buildah images -q "$1" > /dev/null 2>&1; }
commit() { # CONTAINER IMAGE
  buildah commit -q --rm "$1" "$2" > /dev/null
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
if ! have localhost/tagma-jdk; then
  cp -rL "$("$here/find-jdk.sh")" "$work/jdk" # some distributions link its certificates to a place outside
  debian=$("$here/debian-root.sh")
  container=$(buildah from scratch)
  buildah add -q "$container" "$debian" / > /dev/null
  buildah copy -q "$container" "$work/jdk" /opt/jdk > /dev/null
  buildah config --env PATH=/opt/jdk/bin:/usr/bin:/bin "$container"
  commit "$container" localhost/tagma-jdk
fi
if ! have localhost/tagma-base; then
  (cd "$work" && apt-get download -q base-files libc6 zlib1g tzdata ca-certificates > /dev/null && mkdir root && for package in *.deb; do dpkg-deb -x "$package" root; done)
  (cd "$work/root" && rm -rf usr/share/doc usr/share/man usr/share/locale usr/share/lintian usr/sbin bin sbin usr/bin && mkdir -p tmp etc/ssl/certs && chmod 1777 tmp
    find usr/share/ca-certificates -name '*.crt' -exec cat {} + > etc/ssl/certs/ca-certificates.crt
    printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin\n' > etc/passwd
    printf 'root:x:0:\nnonroot:x:65532:\n' > etc/group)
  container=$(buildah from scratch)
  buildah copy -q "$container" "$work/root" / > /dev/null
  commit "$container" localhost/tagma-base
fi
