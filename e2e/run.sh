#!/usr/bin/env bash
# Runs the end-to-end suite: brings the cluster of e2e/cluster up, loads the image, runs the scenarios, writes docs/e2e.md where all of them
# ran, and takes the cluster down. E2E_CLUSTER=existing runs them on the cluster that KUBECONFIG names, which has the image, and that of
# e2e/previous.sh; nodes die on e2e/cluster alone. E2E_KEEP=true leaves the cluster. Arguments are names of scenario classes, such as NodesE2E;
# none runs all.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
java_home=$(src/build/find-jdk.sh)
src/build/kube.sh nodes checks > /dev/null
scenarios=$(IFS=,; echo "${*:-*E2E}")
images=(target/image.tar)
classes=$(sed 's/#[^,]*//g; s/,/|/g' <<< "$scenarios")
[[ UpgradeE2E != @($classes) ]] || images+=("$(e2e/previous.sh)/image.tar")
if [ "${E2E_CLUSTER:-}" != existing ]; then
  [ "${E2E_KEEP:-}" = true ] || trap e2e/cluster/down.sh EXIT
  e2e/cluster/down.sh
  e2e/cluster/up.sh
  KUBECONFIG=$(. e2e/cluster/env.sh && echo "$KUBECONFIG")
  e2e/cluster/load.sh "${images[@]}"
fi
[ -f "${KUBECONFIG:-}" ] || { echo "E2E_CLUSTER=existing needs KUBECONFIG, the file of a cluster's administrator" >&2; exit 1; }
export KUBECONFIG
rm -f target/e2e/report.md
began=$SECONDS verdict=0
without=()
[ "${E2E_CLUSTER:-}" != existing ] || without=(-DexcludedGroups=nodes)
JAVA_HOME=$java_home MAVEN_OPTS=--sun-misc-unsafe-memory-access=allow mvn -q -B -ntp test-compile failsafe:integration-test@e2e failsafe:verify@e2e -Dit.test="$scenarios" "${without[@]}" ||
  verdict=$?
if [ $# = 0 ] && [ -f target/e2e/report.md ]; then
  {
    echo "# The last run of \`make e2e\`"
    echo
    [ "$verdict" = 0 ] || echo "**It failed.** What broke off before its verdict is missing below."
    [ "$verdict" = 0 ] || echo
    echo "At commit $(git rev-parse --short=10 HEAD), $(date -u +%F), in $(((SECONDS - began) / 60)) minutes on $(nproc) cores and" \
      "$(awk '/MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo) GiB of memory, which control plane, nodes, pods and the suite share; ${E2E_CLUSTER:-e2e/cluster}," \
      "$("$(src/build/kube.sh find nodes)/kubectl" version | sed -n 's/Server Version: /Kubernetes /p')."
    cat target/e2e/report.md
  } > docs/e2e.md
fi
exit $verdict
