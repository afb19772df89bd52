package dev.tagma.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.api.v1alpha1.ModelProviderSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestReaderTest {
    private static final Path RIGHT = Path.of("src/test/resources/manifests/right");
    private static final ManifestReader READER = new ManifestReader(InputStream.nullInputStream());
    private static final String HEAD = "apiVersion: tagma.dev/v1alpha1\nkind: Mission\nmetadata: {name: a}\n";

    @TempDir
    Path directory;

    @Test
    void directoriesInADirectoryAreReadWhereThatIsAskedForAndNamedElse() throws IOException {
        Path below = Files.createDirectories(directory.resolve("below"));
        Files.createDirectories(directory.resolve("empty"));
        Files.writeString(directory.resolve("a.yaml"), HEAD + "spec: {goal: go}\n");
        Files.writeString(below.resolve("b.yaml"), HEAD.replace("name: a", "name: b") + "spec: {goal: go}\n");
        Reading flat = READER.read(List.of(directory));
        assertThat(flat.manifests().missions()).hasSize(1);
        assertThat(flat.passedOver()).containsExactly(below);
        assertThat(flat.places()).containsEntry("Mission default/a", directory.resolve("a.yaml") + ":1");
        Reading deep = READER.read(List.of(directory), true);
        assertThat(deep.manifests().missions()).hasSize(2);
        assertThat(deep.passedOver()).isEmpty();
        Files.delete(directory.resolve("a.yaml"));
        assertThat(READER.read(List.of(directory)).problems())
                .extracting(Problem::message)
                .containsExactly(
                        "no *.yaml, *.yml or *.json in this directory; -R reads those in the directories below");
    }

    @Test
    void anUnknownFieldIsSaidWithTheOneThatWasMeant() throws IOException {
        Path file =
                Files.writeString(directory.resolve("a.yaml"), HEAD + "spec: {gaol: go, goal: go, frobnicate: 1}\n");
        assertThat(READER.read(List.of(file)).problems())
                .extracting(Problem::toString)
                .containsExactly(
                        file + ":4: Mission default/a: spec.frobnicate: unknown field \"spec.frobnicate\"",
                        file + ":4: Mission default/a: spec.gaol: unknown field \"spec.gaol\": did you mean \"goal\"?");
    }

    @Test
    void missionGetsTheDefaultsOfTheCrd() {
        Mission mission = read("shortest.yaml").missions().getFirst();
        MissionSpec spec = mission.getSpec();
        assertThat(mission.getMetadata().getNamespace()).isEqualTo("default");
        assertThat(spec.poolRef()).isEqualTo(new MissionSpec.PoolRef("default", null));
        assertThat(spec.maxIterations()).isEqualTo(10);
        assertThat(spec.priority()).isZero();
        assertThat(spec.retry().limit()).isEqualTo(2);
        assertThat(spec.retention().data()).isEqualTo("168h");
        assertThat(spec.suspend()).isFalse();
        assertThat(spec.cancel()).isFalse();
        assertThat(spec.inputs()).isNull();
        assertThat(spec.budget()).isNull();
        assertThat(mission.getStatus().observedGeneration()).isEqualTo(-1);
    }

    @Test
    void fieldThatThePoolMaySetHasNoDefault() {
        assertThat(read("shortest.yaml").missions().getFirst().getSpec().timeout())
                .isNull();
    }

    @Test
    void defaultOfAnAbsentParentIsCompleted() {
        ModelProviderSpec local = read("everything.yaml").providers().get(2).getSpec();
        assertThat(local.retry())
                .isEqualTo(new ModelProviderSpec.Retry(3, new ModelProviderSpec.Retry.Backoff("1s", 2, "10s")));
        assertThat(local.timeout()).isEqualTo("60s");
    }

    @Test
    void defaultsReachIntoLists() {
        Tool fetch =
                read("everything.yaml").pools().getFirst().getSpec().tools().get(2);
        assertThat(fetch.http().method()).isEqualTo(Tool.Http.Method.GET);
        assertThat(fetch.timeout()).isEqualTo("60s");
        assertThat(fetch.parameters().at("/properties/lang/default").isNull()).isTrue();
    }

    @Test
    void everyKindIsTyped() {
        Manifests manifests = read("everything.yaml");
        assertThat(manifests.namespaces()).hasSize(1);
        assertThat(manifests.configMaps().getFirst().getData()).containsKey("factors.csv");
        assertThat(manifests.providers()).hasSize(4);
        MissionSpec mission = manifests.missions().getFirst().getSpec();
        assertThat(mission.inputs().at("/suppliers/0/tonnes").decimalValue()).isEqualByComparingTo("12.5");
        assertThat(mission.inputs().at("/suppliers/0/note").isNull()).isTrue();
    }

    @Test
    void statusInAManifestIsIgnored() {
        assertThat(read("everything.yaml").missions().getFirst().getStatus().phase())
                .isNull();
    }

    @Test
    void stringDataOfASecretBecomesData() {
        assertThat(read("everything.yaml").secrets().getFirst().getData())
                .containsEntry("anthropic", "c2VjcmV0")
                .containsEntry("openai", "c2stcGxhaW4=");
    }

    @Test
    void listsAreOpenedInYamlAndJson() {
        assertThat(read("list.json").missions())
                .extracting(mission -> mission.getMetadata().getName())
                .containsExactly("one", "two");
    }

    @Test
    void anchorsAndMergeKeysAreFollowed() {
        assertThat(read("anchors.yaml").pools().getFirst().getSpec().agents())
                .extracting(agent -> agent.name() + ": " + agent.instructions())
                .containsExactly("analyst: Be brief.", "reviewer: Be brief.");
    }

    @Test
    void directoryIsReadByName() throws IOException {
        write("b.yml", HEAD.replace("name: a", "name: b") + "spec: {goal: B}\n");
        write("a.yaml", HEAD + "spec: {goal: A}\n");
        write("ignored.txt", "no manifest");
        assertThat(READER.read(List.of(directory)).manifests().missions())
                .extracting(mission -> mission.getSpec().goal())
                .containsExactly("A", "B");
    }

    @Test
    void sameNameInTwoFilesIsRefusedWithBothPlaces() throws IOException {
        Path first = write("a.yaml", HEAD + "spec: {goal: A}\n");
        Path second = write("b.yaml", "\n" + HEAD + "spec: {goal: B}\n");
        assertThat(problems(directory))
                .containsExactly(
                        second + ":4: Mission default/a: metadata.name: Duplicate value: \"a\": declared before at "
                                + first + ":1");
    }

    @Test
    void sameNameInTwoNamespacesIsFine() throws IOException {
        String other = HEAD.replace("name: a", "name: a, namespace: b");
        write("a.yaml", HEAD + "spec: {goal: A}\n---\n" + other + "spec: {goal: B}\n");
        assertThat(problems(directory)).isEmpty();
    }

    @Test
    void standardInputIsADash() {
        byte[] text = (HEAD + "spec: {goal: A}\n").getBytes(StandardCharsets.UTF_8);
        Reading reading = new ManifestReader(new ByteArrayInputStream(text)).read(List.of(Path.of("-")));
        assertThat(reading.manifests().missions()).hasSize(1);
    }

    @Test
    void missingPathIsSaid() {
        Path missing = directory.resolve("none.yaml");
        assertThat(problems(missing)).containsExactly(missing + ": the path does not exist");
    }

    @Test
    void emptyDirectoryIsSaid() {
        assertThat(problems(directory)).containsExactly(directory + ": no *.yaml, *.yml or *.json in this directory");
    }

    @Test
    void invalidUtf8IsSaid() throws IOException {
        Path file = Files.write(directory.resolve("a.yaml"), new byte[] {'a', (byte) 0xff});
        assertThat(problems(file)).containsExactly(file + ": the file is no UTF-8 text");
    }

    @Test
    void problemsOfAllFilesComeTogetherInOrder() throws IOException {
        write("b.yaml", HEAD + "spec: {goal: B, priority: 101}\n");
        write("a.yaml", HEAD + "spec:\n  maxIterations: 0\n  agent: A b\n");
        assertThat(READER.read(List.of(directory)).problems())
                .extracting(problem -> problem.file().getFileName() + ":" + problem.line() + " " + problem.field())
                .containsExactly(
                        "a.yaml:4 spec.goal",
                        "a.yaml:5 spec.maxIterations",
                        "a.yaml:6 spec.agent",
                        "b.yaml:3 metadata.name",
                        "b.yaml:4 spec.priority");
    }

    @Test
    void jsonMayUseTabsAndEveryEscapeOfItsOwn() throws IOException {
        String json = """
                {
                \t"apiVersion": "tagma.dev/v1alpha1", "kind": "Mission", "metadata": {"name": "a"},
                \t"spec": {
                \t\t"goal": "a\\/b \\\\/ \\t \\u20ac \\ud83d\\ude80",
                \t\t"priority": 101
                \t}
                }
                """;
        assertThat(READER.read(List.of(write("a.json", json))).problems())
                .singleElement()
                .extracting(Problem::line)
                .isEqualTo(5);
        Path right = write("b.json", json.replace("101", "1"));
        String goal = READER.read(List.of(right))
                .manifests()
                .missions()
                .getFirst()
                .getSpec()
                .goal();
        assertThat(goal).isEqualTo("a/b \\/ \t \u20ac \ud83d\ude80");
    }

    @Test
    void aliasesThatGrowWithoutEndAreRefused() throws IOException {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 7; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(8)));
        }
        Path file = write("bomb.yaml", bomb.toString());
        assertThat(problems(file)).singleElement().asString().contains("the document has more than 200000 fields");
    }

    @Test
    void valueThatHoldsItselfIsRefused() throws IOException {
        Path file = write("self.yaml", "a: &a [*a]\n");
        assertThat(problems(file))
                .singleElement()
                .asString()
                .contains("an alias stands inside the value that it names");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static List<String> problems(Path path) {
        return READER.read(List.of(path)).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    private static Manifests read(String file) {
        Reading reading = READER.read(List.of(RIGHT.resolve(file)));
        assertThat(reading.problems()).isEmpty();
        return reading.manifests();
    }
}
