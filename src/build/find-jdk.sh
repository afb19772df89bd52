#!/usr/bin/env bash
# Prints the home of a JDK 25 or newer: JAVA_HOME, then PATH, then the usual places. Fails with what is missing otherwise.
set -euo pipefail
want=25
major() { [ -x "$1/bin/javac" ] || return 1; "$1/bin/javac" -version 2>&1 | sed -nE 's/^javac ([0-9]+).*/\1/p'; }
try() {
  local found
  found=$(major "$1") || return 0
  if [ -n "$found" ] && [ "$found" -ge "$want" ]; then echo "$1"; exit 0; fi
}
[ -z "${JAVA_HOME:-}" ] || try "$JAVA_HOME"
if command -v javac >/dev/null; then try "$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")"; fi
for home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
            /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
  try "$home"
done
cat >&2 <<TEXT
Tagma needs a JDK $want or newer, and none was found in JAVA_HOME, PATH or the usual places.
Install one (Debian: apt-get install temurin-$want-jdk; macOS: brew install openjdk@$want; any: https://adoptium.net)
or name one that you have:  export JAVA_HOME=/path/to/jdk-$want
TEXT
exit 1
