#!/usr/bin/env bash
# aot-training.sh JAVA DIR : starts a gateway that waits for its database, which has then loaded most of what any role loads, and leaves
# what the JVM learnt in DIR/tagma.aot.
set -euo pipefail
java=$1 dir=$2
port=$((20000 + RANDOM % 10000)) # a build may share the network of its machine
export TAGMA_HTTP_PORT=$port TAGMA_GRPC_PORT=0 TAGMA_NAMESPACE=none TAGMA_GATEWAY_PLAINTEXT=true TAGMA_DATABASE_URL=jdbc:postgresql://127.0.0.1:1/none
"$java" -XX:AOTCacheOutput="$dir/tagma.aot" "@$dir/jvm.options" -jar "$dir/quarkus-app/quarkus-run.jar" gateway > /tmp/training.log 2>&1 &
pid=$!
alive() { # as a probe would ask
  local answer
  exec 3<> /dev/tcp/127.0.0.1/$port || return 1
  printf 'GET /q/health/live HTTP/1.0\r\n\r\n' >&3
  IFS= read -r answer <&3
  exec 3>&-
  [[ $answer == *200* ]]
}
trained=false
for _ in $(seq 600); do
  if alive 2> /dev/null; then trained=true; break; fi
  kill -0 "$pid" 2> /dev/null || break
  sleep .2
done
kill "$pid" 2> /dev/null || true
wait "$pid" || true
$trained && [ -s "$dir/tagma.aot" ] || { head -20 /tmp/training.log >&2; echo "the training run left no tagma.aot" >&2; exit 1; }
