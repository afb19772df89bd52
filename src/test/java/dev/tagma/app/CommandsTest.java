package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.app.fleet.FleetException;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.store.memory.InMemoryStore;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class CommandsTest {
    private static final String DATABASE = "--database=postgresql://tagma@nowhere/tagma";

    private final InMemoryStore store = new InMemoryStore(InstantSource.system());
    private final List<String> log = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Stop stop = new Stop();
    private List<String> problems = List.of();
    private Map<String, String> places = Map.of();
    private Resources resources = FakeSystem.resources();
    private Function<String, Outcome> ends = name -> Outcome.succeeded("done", null);
    private ByteArrayOutputStream out;
    private ByteArrayOutputStream err;

    @Test
    void everyMissionSucceededIsZero() {
        given(mission("a", "one"), mission("b", "two"));
        assertThat(tagma("run", "-f", "x", DATABASE)).isZero();
        assertThat(out()).contains("default     a      Succeeded", "default     b      Succeeded");
        assertThat(err()).contains("default/a Succeeded: done");
        assertThat(log).containsExactly("ran a", "ran b", "closed");
    }

    @Test
    void oneThatFailedIsOne() {
        given(mission("a", "one"), mission("b", "two"));
        ends = name ->
                name.equals("b") ? Outcome.failed(Reason.BudgetExceeded, "spent") : Outcome.succeeded("done", null);
        assertThat(tagma("run", "-f", "x", DATABASE)).isEqualTo(1);
        assertThat(err()).contains("default/b Failed: BudgetExceeded: spent");
    }

    @Test
    void jsonIsAllThatStandardOutputHolds() throws Exception {
        given(mission("a", "one"));
        assertThat(tagma("run", "-f", "x", "-o", "json", DATABASE)).isZero();
        JsonNode list = new JsonMapper().readTree(out());
        assertThat(list.at("/kind").asText()).isEqualTo("MissionList");
        assertThat(list.at("/items/0/status/phase").asText()).isEqualTo("Succeeded");
        assertThat(list.at("/items/0/status/checkpoint/sequence").asInt()).isEqualTo(1);
    }

    @Test
    void whatEndedIsNotRunAgain() {
        given(mission("a", "one"));
        tagma("run", "-f", "x", DATABASE);
        log.clear();
        assertThat(tagma("run", "-f", "x", DATABASE)).isZero();
        assertThat(log).containsExactly("closed");
        assertThat(out()).contains("Succeeded");
    }

    @Test
    void aChangedSpecIsRefusedByField() {
        given(mission("a", "one"));
        tagma("run", "-f", "x", DATABASE);
        log.clear();
        given(mission("a", "another"));
        assertThat(tagma("run", "-f", "x", DATABASE)).isEqualTo(2);
        assertThat(err()).contains("mission default/a: spec.goal changed since it was first run");
        assertThat(log).containsExactly("closed");
    }

    @Test
    void problemsOfManifestsAreTwoAndNothingRuns() {
        problems = List.of("x.yaml:3: spec.goal: Required value", "x.yaml:4: spec.agent: Invalid value");
        assertThat(tagma("run", "-f", "x", DATABASE)).isEqualTo(2);
        assertThat(err())
                .isEqualTo("tagma: x.yaml:3: spec.goal: Required value\ntagma: x.yaml:4: spec.agent: Invalid value\n");
        assertThat(tagma("validate", "-f", "x")).isEqualTo(2);
        assertThat(log).isEmpty();
    }

    @Test
    void nothingToRunIsTwo() {
        assertThat(tagma("run", "-f", "x", DATABASE)).isEqualTo(2);
        assertThat(err()).contains("no Mission in [x]");
    }

    @Test
    void interruptDrainsAndIs130() {
        given(mission("a", "one"));
        ends = name -> null;
        stop.request();
        assertThat(tagma("run", "-f", "x", DATABASE)).isEqualTo(130);
        assertThat(log).containsExactly("ran a", "drained", "closed");
        assertThat(err()).contains("handed back").contains("not finished: 1 of 1");
    }

    @Test
    void aTimeThatIsUpDrainsAndIsOne() {
        given(mission("a", "one"));
        ends = name -> null;
        assertThat(tagma("run", "-f", "x", DATABASE, "--timeout", "1ms")).isEqualTo(1);
        assertThat(log).containsExactly("ran a", "drained", "closed");
    }

    @Test
    void aMissionThatWaitsForAPersonEndsTheRun() {
        given(FakeSystem.mission("a", "{\"goal\":\"one\",\"suspend\":true}"));
        assertThat(tagma("run", "-f", "x", DATABASE)).isEqualTo(1);
        assertThat(err())
                .contains("default/a waits for you (Suspended): tagma resume mission/a " + DATABASE.replace('=', ' ')
                        + ", then");
    }

    @Test
    void cancelInAManifestIsObeyedForAKnownMission() {
        given(mission("a", "one"));
        ends = name -> null;
        stop.request();
        tagma("run", "-f", "x", DATABASE);
        given(FakeSystem.mission("a", "{\"goal\":\"one\",\"cancel\":true}"));
        tagma("run", "-f", "x", DATABASE);
        tagma("get", "mission/a", DATABASE);
        assertThat(out()).contains("Cancelled");
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsThree() {
        given(mission("a", "one"));
        ends = name -> {
            throw new StoreUnavailableException("connection refused", null);
        };
        assertThat(tagma("run", "-f", "x", DATABASE)).isEqualTo(3);
        assertThat(err()).isEqualTo("tagma: connection refused\n");
    }

    @Test
    void getShowsOneOrAll() {
        given(mission("a", "one"), mission("b", "two"));
        tagma("run", "-f", "x", DATABASE);
        assertThat(tagma("get", DATABASE)).isZero();
        assertThat(out()).contains("NAMESPACE", " a ", " b ");
        assertThat(tagma("get", "mission/b", "-o", "yaml", DATABASE)).isZero();
        assertThat(out())
                .contains("kind: Mission\n", "name: b\n", "goal: two\n", "phase: Succeeded\n")
                .doesNotContain("name: a\n");
    }

    @Test
    void aMissionThatIsNotThereIsNamed() {
        assertThat(tagma("get", "mission/none", DATABASE)).isEqualTo(2);
        assertThat(err()).contains("no mission none in namespace default");
        assertThat(tagma("logs", "pod/none", DATABASE)).isEqualTo(2);
        assertThat(err()).contains("a mission is named mission/NAME");
    }

    @Test
    void logsShowWhatWasSaid() throws Exception {
        given(mission("a", "one"));
        tagma("run", "-f", "x", DATABASE);
        assertThat(tagma("logs", "mission/a", "--follow", DATABASE)).isZero();
        assertThat(out())
                .contains("1 model primary answers; 100 tokens in, 10 out", "said by a", "default/a Succeeded: done");
        assertThat(tagma("logs", "a", "-o", "json", DATABASE)).isZero();
        assertThat(new JsonMapper().readTree(out()).at("/content/text").asText())
                .isEqualTo("said by a");
    }

    @Test
    void logsThatFollowWaitForTheirMission() throws Exception {
        given(mission("a", "one"));
        CompletableFuture<Integer> followed;
        try (PipedOutputStream pipe = new PipedOutputStream();
                BufferedReader said = new BufferedReader(new InputStreamReader(new PipedInputStream(pipe)))) {
            followed = CompletableFuture.supplyAsync(
                    () -> execute(new PrintStream(pipe, true), "logs", "mission/a", "--follow", DATABASE),
                    Thread::startVirtualThread);
            assertThat(said.readLine()).isEqualTo("mission/a is not in namespace default yet: waiting for it");
        }
        ByteArrayOutputStream shown = out;
        tagma("run", "-f", "x", DATABASE);
        assertThat(followed.join()).isZero();
        assertThat(shown.toString(StandardCharsets.UTF_8)).contains("said by a", "default/a Succeeded: done");
    }

    @Test
    void unresolvedReferencesAreSaidWithTheirPlace() {
        given(mission("a", "one"));
        places = Map.of("mission default/a", "x.yaml:7");
        ends = name -> {
            throw new RunningSystem.UnresolvedException(List.of("mission default/a: PoolNotFound: no pool", "other"));
        };
        assertThat(tagma("run", "-f", "x", DATABASE)).isEqualTo(2);
        assertThat(err()).isEqualTo("tagma: x.yaml:7: mission default/a: PoolNotFound: no pool\ntagma: other\n");
    }

    @Test
    void whatCannotBeLookedIntoIsNoEmptyStore(@TempDir Path directory) throws Exception {
        Path loop = directory.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        assertThat(tagma("get", "--data", loop.toString())).isEqualTo(3);
        assertThat(err()).contains("cannot look into " + loop);
    }

    @Test
    void aClusterIsMeantWhereItIsNamedAndNotWhereAStoreIs() {
        assertThat(tagma("get", "--context", "prod")).isEqualTo(3);
        assertThat(err()).isEqualTo("tagma: cluster prod\n");
        assertThat(tagma("get", "--context", "prod", DATABASE)).isEqualTo(2);
        assertThat(err()).contains("--context, --kubeconfig and --gateway name a cluster");
        assertThat(tagma("get", "--gateway", "tagma.example")).isEqualTo(2);
        assertThat(err()).contains("--gateway is no address of a gateway: tagma.example");
        environment.put("TAGMA_PLUGIN", "kubectl");
        assertThat(tagma("verify", "--all")).isEqualTo(3);
        assertThat(err()).isEqualTo("tagma: cluster null\n");
        assertThat(tagma("get", DATABASE)).isZero();
        environment.clear();
        environment.put("TAGMA_GATEWAY", "https://tagma.example");
        assertThat(tagma("cancel", "mission/a")).isEqualTo(3);
        given(mission("a", "one"));
        assertThat(tagma("run", "-f", "x")).isEqualTo(3);
        assertThat(tagma("run", "-f", "x", "--replicas", "2")).isEqualTo(2);
    }

    @Test
    void verifyProvesOneOrAll() {
        given(mission("a", "one"), mission("b", "two"));
        tagma("run", "-f", "x", DATABASE);
        assertThat(tagma("verify", "--all", DATABASE)).isZero();
        assertThat(out()).contains("2 of 2 chains intact, 2 steps");
        String wrong = "1:" + "0".repeat(64);
        assertThat(tagma("verify", "mission/a", "--checkpoint", wrong, DATABASE))
                .isEqualTo(1);
        assertThat(out()).contains("BROKEN at step 1");
        assertThat(tagma("verify", DATABASE)).isEqualTo(2);
        assertThat(tagma("verify", "mission/a", "--checkpoint", "1:zz", DATABASE))
                .isEqualTo(2);
    }

    @Test
    void ordersSayWhatTheyDid() {
        given(mission("a", "one"));
        ends = name -> null;
        stop.request();
        tagma("run", "-f", "x", DATABASE);
        assertThat(tagma("suspend", "mission/a", DATABASE)).isZero();
        assertThat(tagma("resume", "mission/a", DATABASE)).isZero();
        assertThat(tagma("cancel", "mission/a", DATABASE)).isZero();
        assertThat(out()).isEqualTo("mission default/a cancelled\n");
        assertThat(tagma("cancel", "mission/a", DATABASE)).isEqualTo(1);
        assertThat(err()).contains("mission default/a is not cancelled: it is Cancelled");
    }

    @Test
    void usageErrorsAreTwoAndSayHow() {
        assertThat(tagma("run")).isEqualTo(2);
        assertThat(err()).contains("Missing required option: '--filename=FILE|DIR'", "`tagma run --help`");
        assertThat(tagma("runn")).isEqualTo(2);
        assertThat(err()).contains("there is no command 'runn'", "did you mean: tagma run?");
        assertThat(tagma("run", "--repicas", "2", "-f", "x")).isEqualTo(2);
        assertThat(err()).contains("did you mean: tagma run --replicas?");
        assertThat(tagma("frobnicate")).isEqualTo(2);
        assertThat(err()).contains("there is no command 'frobnicate'").doesNotContain("did you mean");
        assertThat(tagma("run", "-f", "x", "--replicas", "0")).isEqualTo(2);
        assertThat(err()).contains("--replicas must be 1 to 100, not 0");
        assertThat(tagma("get", "--database", "mysql://x/y")).isEqualTo(2);
        assertThat(err()).contains("no Postgres URL");
    }

    @Test
    void helpFitsItsPageAndNamesEveryCommand() {
        assertThat(tagma("--help")).isZero();
        assertThat(out().lines())
                .hasSizeLessThan(50)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
        assertThat(out())
                .contains("run ", "get ", "logs ", "verify ", "validate ", "cancel ", "suspend ", "resume ")
                .contains("TAGMA_MODEL", "Exit codes:")
                .doesNotContain("sample-service");
    }

    @Test
    void versionAndCompletionNeedNothing() {
        assertThat(tagma("version")).isZero();
        assertThat(out()).startsWith("tagma ").contains("Java ");
        assertThat(tagma("completion", "bash")).isZero();
        assertThat(out())
                .startsWith("# Completion of tagma")
                .contains("_complete_tagma")
                .doesNotContain("picocli-based");
    }

    private static Mission mission(String name, String goal) {
        return FakeSystem.mission(name, "{\"goal\":\"" + goal + "\"}");
    }

    private void given(Mission... missions) {
        resources = FakeSystem.resources(missions);
    }

    private int tagma(String... arguments) {
        err = new ByteArrayOutputStream();
        return execute(new PrintStream(err, true, StandardCharsets.UTF_8), arguments);
    }

    private int execute(PrintStream trouble, String... arguments) {
        out = new ByteArrayOutputStream();
        Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), trouble, environment, 0, 0);
        Program program = new Program(
                request -> new ManifestSource.Reading(resources, problems, List.of(), List.of(), List.of(), places),
                settings -> new FakeSystem(store, settings.resources(), ends, log),
                (address, patience) -> new OpenStore(store.missions(), store.steps(), () -> {}),
                address -> {
                    throw new FleetException(FleetException.Kind.Unreachable, "cluster " + address.context());
                });
        return new Commands(console, stop, program).execute(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
