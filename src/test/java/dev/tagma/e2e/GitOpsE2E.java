package dev.tagma.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.app.Manifests;
import dev.tagma.app.Witness;
import dev.tagma.kube.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tools that apply the same manifests again and again, as Flux and Argo CD do. */
@Scenarios(number = 9, value = "GitOps")
class GitOpsE2E {
    private static final int TIMES = 10;
    private static final String NAMESPACE = "e2e-gitops";
    private static final String MANAGER = "--field-manager=kustomize-controller";

    /** What cannot work as it stands, and what never will. */
    private static final String TROUBLED = """
            ---
            apiVersion: tagma.dev/v1alpha1
            kind: AgentPool
            metadata: {name: orphan}
            spec:
              models: [{name: primary, providerRef: {name: nobody}, model: any}]
              agents: [{name: clerk, instructions: Do it., models: [primary]}]
              replicas: 0
            ---
            apiVersion: tagma.dev/v1alpha1
            kind: ModelProvider
            metadata: {name: keyless}
            spec: {type: OpenAI, endpoint: "http://198.51.100.10:1024/v1", credentials: {secretKeyRef: {name: nobody, key: key}}}
            ---
            apiVersion: tagma.dev/v1alpha1
            kind: ModelProvider
            metadata: {name: garbled}
            spec: {type: Scripted, script: {configMapKeyRef: {name: garbled, key: script}}}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: garbled}
            data: {script: "rules: nonsense"}
            """;

    private final Outside outside;

    GitOpsE2E(Outside outside) {
        this.outside = outside;
    }

    @AfterEach
    void leave() {
        Suite.deleteNamespace(NAMESPACE);
    }

    /** A provider, a pool, and a mission that pays once in each of as many turns as it is applied times. */
    private String manifests() {
        String rules = """
                - when: {turn: 0..%d}
                  latency: 300ms
                  reply: {toolCalls: [{tool: pay, arguments: {turn: "{{turn}}"}}]}
                - reply: {text: "done"}
                """.formatted(TIMES - 1);
        String pay = Manifests.witnessed("pay", outside.tools(), "POST", "sideEffects: NonIdempotent");
        return Manifests.pool(rules, pay, "pay") + "  runtime: " + Fleet.SMALL + "\n"
                + Manifests.mission("m", "{goal: Pay., maxIterations: 20, timeout: 10m}");
    }

    private static void applyServerSide(String manifests) {
        Suite.kubectlWithInput(manifests, "apply", "--server-side", MANAGER, "-n", NAMESPACE, "-f", "-")
                .ok();
    }

    private static void awaitSucceeded() {
        Suite.kubectl("wait", "-n", NAMESPACE, "mission/m", "--for=condition=Ready", "--timeout=180s")
                .ok();
    }

    private static Mission mission() {
        return Suite.client()
                .resources(Mission.class)
                .inNamespace(NAMESPACE)
                .withName("m")
                .require();
    }

    private List<Witness.Call> calls() {
        String uid = mission().getMetadata().getUid();
        return outside.calls("/pay").stream()
                .filter(call -> call.key().startsWith(uid))
                .toList();
    }

    /** Of the store, whose rows outlive a namespace for a while. */
    private static long rows() {
        Instant created = Instant.parse(mission().getMetadata().getCreationTimestamp());
        return Tagma.withStore(store -> store.missions().changes(0, 100_000).stream()
                .filter(row -> row.namespace().equals(NAMESPACE))
                .filter(row -> !row.admittedAt().isBefore(created))
                .count());
    }

    @Test
    void aMissionThatIsAppliedInEachOfItsTurnsRunsOnce() {
        Suite.createNamespace(NAMESPACE);
        for (int i = 0; i < TIMES; i++) {
            applyServerSide(manifests());
            int turns = i;
            Waiting.atMost(Fleet.PATIENCE, "turn " + turns).until(() -> calls().size() > turns);
        }
        awaitSucceeded();

        assertThat(calls()).hasSize(TIMES).extracting(Witness.Call::key).doesNotHaveDuplicates();
        assertThat(mission().getMetadata().getGeneration()).isEqualTo(1);
        assertThat(mission().getStatus().failovers()).as("its moves").isNullOrEmpty();
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void manifestsAppliedTenTimesChangeNothingAndWakeNobody() {
        Suite.createNamespace(NAMESPACE);
        applyServerSide(manifests());
        awaitSucceeded();
        Map<String, String> before = Settled.await(NAMESPACE);
        long row = rows();
        long writes = Settled.writes();

        for (int i = 0; i < TIMES; i++) {
            applyServerSide(manifests());
        }

        assertThat(Settled.await(NAMESPACE)).isEqualTo(before);
        assertThat(calls()).as("no second run").hasSize(TIMES);
        assertThat(rows()).isEqualTo(row).isEqualTo(1);
        // three of the four manifests are of the kinds that are counted: provider, pool and mission
        long others = Settled.writes() - writes - 3 * TIMES;
        Report.figure(
                "writes by others while provider, pool and mission were applied " + TIMES + " times",
                Long.toString(others),
                "less than " + TIMES + ", of which each tells how busy a pool is");
        assertThat(others).isBetween(0L, TIMES - 1L);
    }

    @Test
    void aDiffOfWhatWasAppliedIsEmpty() {
        Suite.createNamespace(NAMESPACE);
        applyServerSide(manifests());
        awaitSucceeded();
        Settled.await(NAMESPACE);
        assertNoDiff(Suite.kubectlWithInput(manifests(), "diff", "--server-side", MANAGER, "-n", NAMESPACE, "-f", "-"));
        assertNoDiff(Suite.kubectlWithInput(manifests(), "diff", "-n", NAMESPACE, "-f", "-"));
    }

    @Test
    void aDiffOfTheSamplesIsEmpty() {
        Suite.createNamespace(NAMESPACE);
        List<String> directories = samples();
        directories.forEach(each -> Suite.kubectl("apply", "--server-side", "-n", NAMESPACE, "-f", each)
                .ok());
        Suite.kubectl("wait", "-n", NAMESPACE, "agentpools", "--all", "--for=condition=Ready", "--timeout=180s")
                .ok();
        Suite.kubectl("wait", "-n", NAMESPACE, "missions", "--all", "--for=condition=Finished", "--timeout=180s")
                .ok();
        Settled.await(NAMESPACE);
        for (String each : directories) {
            assertNoDiff(Suite.kubectl("diff", "-n", NAMESPACE, "-f", each));
            assertNoDiff(Suite.kubectl("diff", "--server-side", "-n", NAMESPACE, "-f", each));
        }
    }

    private static List<String> samples() {
        try (Stream<Path> all = Files.list(Path.of("samples"))) {
            return all.filter(Files::isDirectory).map(Path::toString).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertNoDiff(Command.Result diff) {
        assertThat(diff.exit())
                .as(() -> String.join(" ", diff.arguments()) + "\n" + diff.out() + diff.err())
                .isZero();
    }

    @Test
    void fluxAndArgoCdJudgeEveryPhaseOfEveryKindAlike() {
        List<Statuses.Case> cases = Statuses.all();
        List<Judges.Verdict> verdicts =
                Judges.judge(cases.stream().map(Statuses.Case::object).toList());
        assertThat(verdicts).hasSameSizeAs(cases);
        for (int i = 0; i < cases.size(); i++) {
            Judges.Verdict verdict = verdicts.get(i);
            assertThat(verdict.flux() + " " + verdict.argo())
                    .as(cases.get(i).toString())
                    .isEqualTo(cases.get(i).expected());
            assertThat(verdict.alike()).as(verdict.toString()).isTrue();
            assertThat(verdict.message()).isNotBlank();
        }
        Report.figure("statuses judged by kstatus and by health.lua", Integer.toString(cases.size()), "all alike");
    }

    /** Everything that happens to objects, as a watcher sees it, each version judged by both. */
    @Test
    void fluxAndArgoCdJudgeWhatHappensOnTheClusterAlike() {
        Suite.createNamespace(NAMESPACE);
        try (Versions versions = new Versions(NAMESPACE)) {
            Suite.apply(NAMESPACE, manifests());
            Suite.apply(
                    NAMESPACE,
                    Manifests.mission("paused", "{goal: Pay., suspend: true}")
                            + Manifests.mission("cancelled", "{goal: Pay., cancel: true}")
                            + Manifests.mission("short", "{goal: Pay., maxIterations: 1}")
                            + Manifests.mission("lonely", "{goal: Pay., poolRef: {name: nobody}}")
                            + TROUBLED);
            awaitSucceeded();
            versions.awaitReason("Mission/paused", "Suspended");
            versions.awaitReason("Mission/cancelled", "CancelRequested");
            versions.awaitReason("Mission/short", "IterationsExceeded");
            versions.awaitReason("Mission/lonely", "PoolNotFound");
            versions.awaitReason("AgentPool/default", "Available");
            versions.awaitReason("AgentPool/orphan", "ProviderNotFound");
            versions.awaitReason("ModelProvider/keyless", "SecretNotFound");
            versions.awaitReason("ModelProvider/garbled", "InvalidScript");
            Suite.kubectl(
                            "patch",
                            "-n",
                            NAMESPACE,
                            "mission/paused",
                            "--type=merge",
                            "-p",
                            "{\"spec\":{\"cancel\":true}}")
                    .ok();
            versions.awaitReason("Mission/paused", "CancelRequested");
            Suite.deleteNamespace(NAMESPACE);

            List<String> seen = versions.all();
            List<Judges.Verdict> verdicts = Judges.judge(seen);
            for (int i = 0; i < seen.size(); i++) {
                assertThat(verdicts.get(i).alike())
                        .as(verdicts.get(i) + " of " + seen.get(i))
                        .isTrue();
            }
            Map<String, Long> kinds = verdicts.stream()
                    .collect(Collectors.groupingBy(each -> each.flux() + " " + each.argo(), Collectors.counting()));
            assertThat(kinds)
                    .containsKeys(
                            "Current Healthy",
                            "InProgress Progressing",
                            "InProgress Suspended",
                            "Failed Degraded",
                            "Terminating Progressing");
            Report.figure(
                    "versions of live objects judged by kstatus and by health.lua",
                    Integer.toString(seen.size()),
                    "all alike");
        }
    }
}
