package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real model in the place of a sample's scripted one, named by the environment; its key stays there. */
@Timeout(120)
class RealModelIT {
    private static final String KEY = "sk-tagma-test-8c1f5e7a9b3d";
    private static final Path SAMPLE = Path.of("samples/hello").toAbsolutePath();

    @TempDir
    private Path directory;

    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private HttpServer provider;
    private volatile int status = 200;
    private volatile String reply;

    @BeforeEach
    void serve() throws IOException {
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.createContext("/v1/chat/completions", exchange -> {
            try (exchange) {
                keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                byte[] answer = reply.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(status, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        provider.start();
    }

    @AfterEach
    void stop() {
        provider.stop(0);
    }

    @Test
    void theNamedModelAnswersAndItsKeyIsNowhere() throws Exception {
        reply = """
                {"id": "1", "object": "chat.completion", "created": 1, "model": "some-model",
                 "choices": [{"index": 0, "finish_reason": "stop",
                   "message": {"role": "assistant", "content": "A real answer."}}],
                 "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}}
                """;
        assertThat(tagma("run", "-f", SAMPLE.toString())).isZero();
        assertThat(keys).isNotEmpty().containsOnly("Bearer " + KEY);
        assertThat(bodies).allSatisfy(body -> assertThat(body).contains("some-model"));
        everythingIsRead();
        assertThat(printed()).contains("A real answer.");
        theKeyIsNowhere();
    }

    @Test
    void aProviderThatRepeatsTheKeyInItsErrorDoesNotSpreadIt() throws Exception {
        status = 401;
        reply = "{\"error\": {\"message\": \"Incorrect API key provided: " + KEY
                + ".\", \"type\": \"invalid_request_error\", \"code\": \"invalid_api_key\"}}";
        assertThat(tagma("--verbose", "run", "-f", SAMPLE.toString())).isEqualTo(1);
        assertThat(keys).isNotEmpty().containsOnly("Bearer " + KEY);
        everythingIsRead();
        assertThat(printed()).contains("ModelFailed");
        theKeyIsNowhere();
    }

    private void everythingIsRead() throws Exception {
        for (String mission : missions()) {
            assertThat(tagma("logs", "mission/" + mission)).isZero();
            assertThat(tagma("logs", "mission/" + mission, "-o", "json")).isZero();
        }
        assertThat(tagma("get", "-o", "json")).isZero();
    }

    private static List<String> missions() {
        return new CheckedManifests(InputStream.nullInputStream())
                .read(new ManifestSource.Request(List.of(SAMPLE), false, List.of())).resources().missions().stream()
                        .map(mission -> mission.getMetadata().getName())
                        .toList();
    }

    private String printed() throws IOException {
        return Files.readString(directory.resolve("output.log"));
    }

    /** In no output, and in no byte of the database, its log and what lies beside it. */
    private void theKeyIsNowhere() throws IOException {
        Rig.awaitStopped(directory.resolve("data"));
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).hasSizeGreaterThan(100);
            assertThat(all)
                    .allSatisfy(file -> assertThat(
                                    new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(KEY))
                            .as(file.toString())
                            .isFalse());
        }
    }

    private int tagma(String... arguments) throws Exception {
        String[] all = Stream.concat(
                        Stream.of(arguments),
                        Stream.of("--data", directory.resolve("data").toString()))
                .toArray(String[]::new);
        Map<String, String> environment = Map.of(
                "OPENAI_BASE_URL",
                "http://127.0.0.1:" + provider.getAddress().getPort() + "/v1",
                "OPENAI_API_KEY",
                KEY,
                "TAGMA_MODEL",
                "some-model");
        try (Worker worker = Worker.tagma(directory.resolve("output.log"), List.of(), environment, all)) {
            return worker.exit(60);
        }
    }
}
