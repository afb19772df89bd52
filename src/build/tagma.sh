#!/usr/bin/env bash
# The program `tagma`. Finds its libraries beside itself and a JDK 25 or newer in TAGMA_JAVA_HOME, JAVA_HOME, PATH and the usual places.
set -euo pipefail
want=25
self=$(readlink -f "${BASH_SOURCE[0]}" 2>/dev/null || echo "${BASH_SOURCE[0]}")
here=$(cd "$(dirname "$self")" && pwd)
jar=
for place in "$here/quarkus-app" "$here/../quarkus-app" "$here/../lib/tagma/quarkus-app" "$here"; do
  if [ -f "$place/quarkus-run.jar" ]; then jar=$place/quarkus-run.jar; break; fi
done
if [ -z "$jar" ]; then
  echo "tagma: quarkus-app/ is not beside $here/tagma: copy both, or build them with \`make\`" >&2
  exit 3
fi

# the release file says the version without starting a JVM
major() { [ -x "$1/bin/java" ] && [ -f "$1/release" ] && sed -nE 's/^JAVA_VERSION="([0-9]+).*/\1/p' "$1/release"; }
java=
try() {
  local found
  found=$(major "$1") || return 0
  if [ -z "$java" ] && [ -n "$found" ] && [ "$found" -ge "$want" ]; then java=$1/bin/java; fi
}
for home in "${TAGMA_JAVA_HOME:-}" "${JAVA_HOME:-}"; do [ -z "$home" ] || try "$home"; done
if [ -z "$java" ] && command -v java >/dev/null; then try "$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")"; fi
if [ -z "$java" ]; then
  for home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
              /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    try "$home"
  done
fi
if [ -z "$java" ]; then
  echo "tagma: needs Java $want or newer; none was found in JAVA_HOME, PATH or the usual places (https://adoptium.net)" >&2
  exit 3
fi

# Java cannot tell for one stream whether it is a terminal, nor how large that is
export TAGMA_TERMINAL=
if [ -t 1 ]; then export TAGMA_TABLE=fit; fi
if [ -t 2 ]; then TAGMA_TERMINAL=$(stty size <&2 2>/dev/null || true); fi

# protobuf, of the expression checker, still uses Unsafe; the JVM would complain about it on standard error
flags=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Djava.util.logging.manager=org.jboss.logmanager.LogManager)
case " $* " in
  *" run "* | *" operator "* | *" gateway "* | *" runtime "*) ;;
  *) flags+=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1) ;;  # over before the optimising compiler pays
esac
# shellcheck disable=SC2086 # several options in one variable
exec "$java" "${flags[@]}" ${TAGMA_JAVA_OPTS:-} -jar "$jar" "$@"
