#!/usr/bin/env bash
# The demo: runs the three samples, kills the process in the middle, starts it again and proves that nothing was lost and nothing ran
# twice. Everything stays in target/demo. Fails where any check fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
tagma=$PWD/target/tagma
dir=$PWD/target/demo
port=18099
enough=40                       # steps to be committed before the kill; the samples have about 140
samples=(-f samples/emissions -f samples/triage -f samples/failover)
unset TAGMA_MODEL TAGMA_DATABASE TAGMA_DATA   # scripted models and an embedded Postgres, whatever the user's environment says

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
[ -t 1 ] || say() { printf '\n== %s\n' "$*"; }
fail() { echo "demo: $*" >&2; exit 1; }
check() { echo "  ok: $*"; }
short() { sed -u -E 's/^(.{140}).+/\1…/'; }

service= run=
finish() {
  for pid in $service $run; do kill "$pid" 2>/dev/null || true; done
}
trap finish EXIT

if [ -d "$dir/data" ]; then "$tagma" get --data "$dir/data" >/dev/null 2>&1 || true; fi   # stops a server that an earlier demo left
rm -rf "$dir"; mkdir -p "$dir"

say "The service that the triage sample asks; it writes down every call"
"$tagma" sample-service --port $port --calls "$dir/calls" >"$dir/service.out" 2>&1 &
service=$!
for _ in $(seq 200); do
  grep -q listening "$dir/service.out" && break
  kill -0 $service 2>/dev/null || fail "the service did not start: $(cat "$dir/service.out")"
  sleep 0.05
done
cat "$dir/service.out"

say "tagma run ${samples[*]}"
"$tagma" run "${samples[@]}" --data "$dir/data" --progress steps >"$dir/first.out" 2> >(tee "$dir/first.err" | short >&2) &
run=$!
until [ -f "$dir/first.err" ] && [ "$(grep -c ' step ' "$dir/first.err" || true)" -ge $enough ]; do
  kill -0 $run 2>/dev/null || fail "the first run ended before the kill: $(tail -3 "$dir/first.err")"
  sleep 0.02
done
kill -9 $run
wait $run 2>/dev/null || true
say "SIGKILL after $(grep -c ' step ' "$dir/first.err") committed steps. What the database has:"
"$tagma" get --data "$dir/data" | short
"$tagma" logs mission/scope3 --data "$dir/data" -o json >"$dir/before.jsonl"

say "The same command again: it goes on"
started=$(date +%s%N)
"$tagma" run "${samples[@]}" --data "$dir/data" --progress steps >"$dir/second.out" 2> >(tee "$dir/second.err" | short >&2) &
run=$!
wait $run || fail "a mission did not succeed (exit code $?): $(cat "$dir/second.out")"
run=
say "All succeeded, $(( ($(date +%s%N) - started) / 1000000 )) ms after the restart"
short <"$dir/second.out"

say "Proofs"
"$tagma" logs mission/scope3 --data "$dir/data" -o json >"$dir/after.jsonl"
kept=$(wc -l <"$dir/before.jsonl")
head -n "$kept" "$dir/after.jsonl" | cmp -s - "$dir/before.jsonl" || fail "committed steps of scope3 changed"
check "the $kept steps that scope3 had at the kill are its first $kept of $(wc -l <"$dir/after.jsonl"), byte for byte"
observed=$(sed -nE 's/.*("reply":[0-9]+,"callId":"[^"]+").*/\1/p' "$dir/after.jsonl" | sort | uniq -d)
[ -z "$observed" ] || fail "calls of scope3 were made twice: $observed"
check "each of its $(grep -c '"callId"' "$dir/after.jsonl") tool calls has one outcome"
twice=$(grep '^POST ' "$dir/calls" | sort | uniq -d)
[ -z "$twice" ] || fail "a call that changes the world started twice: $twice"
check "$(grep -c '^POST ' "$dir/calls") teams notified, none of them twice"
again=$(grep '^GET ' "$dir/calls" | sort | uniq -d | wc -l)
check "$again of $(grep '^GET ' "$dir/calls" | sort -u | wc -l) reads asked again: those whose answer was not committed at the kill"
total=$("$tagma" get mission/scope3 --data "$dir/data" -o json | sed -nE 's/.*"totalKgCO2" : ([0-9.]+).*/\1/p')
[ "$total" = 911648.0770745 ] || fail "the emissions add up to $total, not 911648.0770745"
check "24 suppliers emitted $total kg CO2, to the last digit"
"$tagma" verify --all --data "$dir/data" >"$dir/verify.out" || fail "a chain is broken: $(grep -v intact "$dir/verify.out")"
check "$(tail -1 "$dir/verify.out")"

say "Look further"
echo "  target/tagma get --data target/demo/data"
echo "  target/tagma logs mission/invoice --data target/demo/data"
