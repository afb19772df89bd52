#!/usr/bin/env bash
# Makes the images that a cluster needs besides Tagma's, once, as archives in the cache: pause, coredns, metrics-server, a Debian base and
# a Postgres. There is no registry: nodes import archives.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/env.sh"
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
mkdir -p "$CACHE/images" "$CACHE/parts"
archive() { # CONTAINER NAME:TAG : commits the container as an archive, whole or not at all
  buildah commit -q "$1" "docker-archive:$CACHE/parts/new.tar:localhost/$2" > /dev/null
  buildah rm "$1" > /dev/null
  mv "$CACHE/parts/new.tar" "$CACHE/images/${2%%:*}.tar"
}
missing() { [ ! -f "$CACHE/images/$1.tar" ] && echo "cluster: making the image $1" >&2; }

one_program() { # NAME FILE : an image of one static program
  local container
  container=$(buildah from scratch)
  buildah copy -q --chmod 755 "$container" "$2" "/$1" > /dev/null
  buildah config --entrypoint "[\"/$1\"]" "$container"
  archive "$container" "$1:1"
}
if missing pause; then
  gcc -Os -static -o "$CACHE/parts/pause" "$HERE/pause.c"
  one_program pause "$CACHE/parts/pause"
fi
for program in coredns metrics-server; do
  ! missing "$program" || one_program "$program" "$BIN/$program"
done

if missing debian; then
  container=$(buildah from scratch)
  buildah add -q "$container" "$("$HERE/../../src/build/debian-root.sh")" / > /dev/null
  buildah config --cmd '["/bin/bash"]' "$container"
  archive "$container" debian:1
fi

if missing postgres; then
  container=$(buildah from scratch)
  buildah add -q "$container" "$("$HERE/../../src/build/debian-root.sh")" / > /dev/null
  buildah run "$container" -- rm -f /etc/apt/sources.list
  for file in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d; do # as this machine fetches its packages
    [ ! -e "$file" ] || buildah copy -q "$container" "$file" "$file" > /dev/null
  done
  # LLVM is a third of the image, for a JIT that short statements never use
  buildah run "$container" -- bash -c 'export DEBIAN_FRONTEND=noninteractive
    mkdir -p /etc/postgresql-common && echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
    apt-get update -q && apt-get install -y -q --no-install-recommends postgresql-15 2>&1
    groupmod -g 999 postgres && usermod -u 999 -g 999 postgres
    rm -rf /usr/lib/x86_64-linux-gnu/libLLVM* /usr/lib/postgresql/15/lib/llvmjit.so /usr/lib/postgresql/15/lib/bitcode /var/lib/apt/lists/* /var/cache/apt/* /usr/share/doc /usr/share/man /usr/share/locale /etc/apt/sources.list.d /etc/apt/apt.conf.d' > "$CACHE/parts/postgres.log"
  buildah copy -q --chmod 755 "$container" "$HERE/postgres.sh" /usr/local/bin/docker-entrypoint.sh > /dev/null
  buildah config --user 999:999 --env PATH=/usr/local/bin:/usr/lib/postgresql/15/bin:/usr/bin:/bin --env PGDATA=/var/lib/postgresql/data --port 5432 \
    --entrypoint '["docker-entrypoint.sh"]' --cmd postgres --stop-signal SIGINT "$container"
  archive "$container" postgres:15
fi
