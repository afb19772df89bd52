package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the samples as users do, on an embedded Postgres. */
@Timeout(120)
class SamplesIT {
    private static final Path SAMPLES = Path.of("samples").toAbsolutePath();
    private static final ObjectMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    @TempDir
    Path directory;

    @Test
    void everySampleIsValidAndComplete() {
        for (String sample : List.of("hello", "emissions", "triage", "failover")) {
            ManifestSource.Reading reading = new CheckedManifests(InputStream.nullInputStream())
                    .read(new ManifestSource.Request(List.of(SAMPLES.resolve(sample)), false, List.of()));
            assertThat(reading.problems()).as(sample).isEmpty();
            assertThat(reading.unresolved()).as(sample).isEmpty();
            assertThat(reading.resources().missions()).as(sample).isNotEmpty();
        }
    }

    @Test
    void helloAnswersExactly() throws Exception {
        assertThat(run("hello").get("hello").at("/status/result/summary").asText())
                .isEqualTo("It is exactly 0.3.");
    }

    @Test
    void emissionsAddUpToTheLastDigit() throws Exception {
        JsonNode mission = run("emissions").get("scope3");
        assertThat(mission.at("/status/phase").asText()).isEqualTo("Succeeded");
        JsonNode output = mission.at("/status/result/output");
        List<BigDecimal> expected = expectedEmissions();
        assertThat(output.path("suppliers")).hasSize(24);
        assertThat(output.path("kgCO2")
                        .valueStream()
                        .map(JsonNode::decimalValue)
                        .toList())
                .usingElementComparator(BigDecimal::compareTo)
                .containsExactlyElementsOf(expected);
        assertThat(output.path("totalKgCO2").decimalValue())
                .isEqualByComparingTo(expected.stream().reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo("911648.0770745");
        assertThat(mission.at("/status/usage/toolCalls").asInt()).isEqualTo(1 + 24 + 24 + 1);
    }

    @Test
    void failoverServesFromTheSecondModelWithinSchemaAndBudget() throws Exception {
        Map<String, JsonNode> missions = run("failover");
        JsonNode invoice = missions.get("invoice");
        assertThat(invoice.at("/status/phase").asText()).isEqualTo("Succeeded");
        assertThat(invoice.at("/status/result/output/total").decimalValue()).isEqualByComparingTo("289.17");
        assertThat(invoice.at("/status/usage/iterations").asInt()).isEqualTo(3);
        assertThat(invoice.at("/status/failovers/0/from").asText()).isEqualTo("first");
        assertThat(invoice.at("/status/failovers/0/to").asText()).isEqualTo("second");
        JsonNode frugal = missions.get("frugal");
        assertThat(frugal.at("/status/phase").asText()).isEqualTo("Succeeded");
        assertThat(frugal.at("/status/result/summary").asText())
                .startsWith("As far as the budget went: the last power");
        long tokens = frugal.at("/status/usage/tokens/input").asLong()
                + frugal.at("/status/usage/tokens/output").asLong();
        assertThat(tokens).isPositive().isLessThanOrEqualTo(4000);
    }

    @Test
    void triageNotifiesEachTeamOnce() throws Exception {
        try (SampleService service = new SampleService(directory.resolve("calls.log"))) {
            Map<String, JsonNode> missions = run("triage");
            assertThat(missions)
                    .hasSize(6)
                    .allSatisfy((name, mission) -> assertThat(
                                    mission.at("/status/phase").asText())
                            .as(name)
                            .isEqualTo("Succeeded"));
            assertThat(service.calls().stream().filter(line -> line.startsWith("POST /notify/")))
                    .hasSize(6)
                    .doesNotHaveDuplicates()
                    .noneMatch(line -> line.endsWith(" null"));
            assertThat(service.calls()).hasSize(6 * 4);
        }
    }

    private Map<String, JsonNode> run(String sample) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Commands(console(out), new Stop(), Program.real())
                .execute(
                        "run",
                        "-f",
                        SAMPLES.resolve(sample).toString(),
                        "--data",
                        directory.resolve("data").toString(),
                        "-o",
                        "json",
                        "--timeout",
                        "60s");
        return EXACT.readTree(out.toByteArray())
                .path("items")
                .valueStream()
                .collect(Collectors.toMap(m -> m.at("/metadata/name").asText(), m -> m));
    }

    private static Console console(ByteArrayOutputStream out) {
        return new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                Map.of("XDG_CACHE_HOME", System.getProperty("java.io.tmpdir") + "/tagma-test-cache"),
                0,
                0);
    }

    /** From the manifests, without any of what the sample runs on but the reader. */
    private static List<BigDecimal> expectedEmissions() {
        Resources resources = new CheckedManifests(InputStream.nullInputStream())
                .read(new ManifestSource.Request(List.of(SAMPLES.resolve("emissions")), false, List.of()))
                .resources();
        Map<String, BigDecimal> factors = new HashMap<>();
        ConfigMap table = resources.configMaps().stream()
                .filter(map -> map.getMetadata().getName().equals("emission-factors"))
                .findFirst()
                .orElseThrow();
        table.getData().get("factors.csv").lines().skip(1).forEach(line -> {
            String[] cells = line.split(",");
            factors.put(cells[0], new BigDecimal(cells[2]));
        });
        List<BigDecimal> emissions = new ArrayList<>();
        for (JsonNode supplier :
                resources.missions().getFirst().getSpec().inputs().path("suppliers")) {
            emissions.add(new BigDecimal(supplier.path("amount").asText())
                    .multiply(factors.get(supplier.path("fuel").asText()))
                    .multiply(new BigDecimal(supplier.path("share").asText())));
        }
        return emissions;
    }
}
