# `make help` lists what there is. Every target finds a JDK 25 by itself (src/build/find-jdk.sh).
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
JDK = $$(src/build/find-jdk.sh)
MVN = JAVA_HOME=$(JDK) MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow $${MAVEN_OPTS:-}" mvn -B -ntp
SOURCES := $(shell find src/main pom.xml -type f 2>/dev/null)

.PHONY: help build test chart-test bench demo demo-cluster crds openapi image e2e e2e-cluster e2e-cluster-down clean

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: target/tagma ## the program, as target/tagma

target/tagma: $(SOURCES)
	@echo "tagma: building (the first time fetches the libraries, a few minutes)"
	$(MVN) -q -DskipTests package
	install -m 755 src/build/kubectl-tagma.sh target/kubectl-tagma
	install -m 755 src/build/kubectl_complete-tagma.sh target/kubectl_complete-tagma
	install -m 755 src/build/tagma.sh target/tagma

test: ## every test: unit, real Postgres, real Kubernetes API server, real HTTP servers, real processes
	@src/build/kube.sh > /dev/null
	@echo "tagma: building and running every test (about half an hour; the first time fetches the libraries)"
	$(MVN) verify

crds: ## generates crds/, the chart's copies and docs/api.md from the types of the API
	$(MVN) -q -Dtest=CrdsAreCurrentTest,ApiReferenceIsCurrentTest,ChartCopiesAreCurrentTest -Dcrds=write test

chart-test: target/tagma ## the chart helm/tagma: lint, what each value changes, what is refused, and installations on a real API server
	@src/build/kube.sh nodes checks > /dev/null
	$(MVN) -q test -Dtest='Chart*IT,Chart*Test' -DexcludedGroups=none

openapi: target/tagma ## copies the document of the REST API that the build generates to docs/openapi.yaml
	cp target/openapi/openapi.yaml docs/openapi.yaml

demo: target/tagma ## runs the samples, kills them in the middle, shows that nothing is lost or done twice
	@src/build/demo.sh

demo-cluster: target/tagma ## a session with kubectl on an API server of its own, while operator, gateway and runtimes are killed
	@src/build/kube.sh > /dev/null
	$(MVN) -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test.classpath -Dmdep.includeScope=test
	@$(JDK)/bin/java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
	  -Djava.util.logging.manager=org.jboss.logmanager.LogManager \
	  -cp "target/test-classes:target/classes:$$(cat target/test.classpath)" dev.tagma.app.role.ClusterDemo

bench: target/tagma ## every figure of docs/benchmarks.md (about ten minutes); PARTS="store missions memory processes cluster operator takeover rest" picks some
	$(MVN) -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test.classpath -Dmdep.includeScope=test
	$(JDK)/bin/java -Xmx4g -Dtagma.roles=deployed --enable-native-access=ALL-UNNAMED -Dsurefire.test.class.path="target/test-classes:target/classes:$$(cat target/test.classpath)" \
	  -cp "target/test-classes:target/classes:$$(cat target/test.classpath)" dev.tagma.bench.Bench $(PARTS)

target/sbom.cdx.json: pom.xml
	$(MVN) -q cyclonedx:makeBom

image: target/tagma target/sbom.cdx.json ## the container image, with buildah or Docker (src/build/image.sh says what can be set)
	@src/build/image.sh

e2e-cluster: ## a Kubernetes of one control plane and three nodes on this machine, each in a network namespace; needs root and Debian
	@e2e/cluster/up.sh

e2e: target/tagma ## the scenarios on that cluster, which kill what a cluster has; SCENARIOS="NodesE2E" picks some, docs/e2e.md is what it writes
	[ "$${E2E_CLUSTER:-}" = existing ] || { e2e/cluster/packages.sh && IMAGE_BASES=$${IMAGE_BASES:-local} $(MAKE) image; }
	@e2e/run.sh $(SCENARIOS)

e2e-cluster-down: ## ends it, and leaves no trace
	@e2e/cluster/down.sh

clean: ## removes what the build made
	$(MVN) -q clean
