#!/usr/bin/env bash
# Prints an archive with the root of a small Debian, made once with debootstrap from where this machine has its packages from.
set -euo pipefail
cache=${XDG_CACHE_HOME:-$HOME/.cache}/tagma/debian
archive=$cache/bookworm.tar
if [ ! -f "$archive" ]; then
  echo "tagma: making a Debian root, once (about 3 minutes)" >&2
  mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2> /dev/null \
    | awk '$1 == "deb" {for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) {print $i; exit}} $1 == "URIs:" {print $2; exit}' || true)
  rm -rf "$cache/root"
  mkdir -p "$cache"
  debootstrap --variant=minbase --include=ca-certificates bookworm "$cache/root" "${mirror:-http://deb.debian.org/debian}" > "$cache/debootstrap.log"
  rm -rf "$cache"/root/var/{cache/apt/*,lib/apt/lists/*} "$cache"/root/usr/share/{doc,man,locale}/*
  tar -C "$cache/root" -cf "$archive.new" .
  rm -rf "$cache/root"
  mv "$archive.new" "$archive"
fi
echo "$archive"
