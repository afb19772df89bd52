package dev.tagma.model.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.tagma.api.v1alpha1.ModelProviderSpec;
import dev.tagma.model.provider.ProviderProbe.Answer;
import dev.tagma.model.provider.ProviderProbe.Finding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real HTTP server's answers are taken for; each trouble names its fix, none shows the key. */
class ProviderProbeIT {
    private static final String KEY = "sk-very-secret";

    private final ProviderProbe probe = new ProviderProbe(InstantSource.system());
    private volatile int status = 200;
    private volatile String before = "you sent ";
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/models", exchange -> {
            byte[] body = ("{\"error\": {\"message\": \"" + before
                            + exchange.getRequestHeaders().getFirst("Authorization") + "\"}}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        probe.close();
        server.stop(0);
    }

    private String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    private Answer ask(String endpoint, String key) throws InterruptedException {
        ModelProviderSpec spec =
                new JsonMapper().convertValue(Map.of("type", "OpenAI", "endpoint", endpoint), ModelProviderSpec.class);
        Answer answer = probe.ask(new ProviderSource("team/p", spec, key, null));
        assertThat(answer.message()).doesNotContain(KEY);
        return answer;
    }

    @ParameterizedTest
    @CsvSource({
        "200, Reachable, ''",
        "401, AuthenticationFailed, ; check the key in the Secret that spec.credentials names",
        "403, AuthenticationFailed, ; check the key in the Secret that spec.credentials names",
        "404, InvalidEndpoint, ; check spec.endpoint",
        "302, InvalidEndpoint, ; check spec.endpoint",
        "408, Unreachable, '; check spec.endpoint, and whether this process may reach it'",
        "429, RateLimited, ; it is asked again later: see the limits of the provider's account",
        "500, Unreachable, '; check spec.endpoint, and whether this process may reach it'",
        "503, Unreachable, '; check spec.endpoint, and whether this process may reach it'",
    })
    void answersAreToldApart(int code, Finding finding, String fix) throws InterruptedException {
        status = code;
        Answer answer = ask(endpoint(), KEY);
        assertThat(answer.finding()).isEqualTo(finding);
        assertThat(answer.message())
                .startsWith("GET " + endpoint() + "/models answered ")
                .endsWith(fix);
    }

    /** Wherever a long message is cut, no part of the key is left before the cut. */
    @Test
    void noPartOfTheKeyIsInAMessageThatIsCut() throws InterruptedException {
        status = 401;
        for (int cut = 1; cut < KEY.length(); cut++) {
            before = "x".repeat(300 - "Bearer ".length() - cut);
            assertThat(ask(endpoint(), KEY).message()).contains("xxxBearer ").doesNotContain("Bearer s");
        }
    }

    @Test
    void aKeyThatIsMissedIsAskedFor() throws InterruptedException {
        status = 401;
        assertThat(ask(endpoint(), null).message()).endsWith("; name a Secret with the key in spec.credentials");
    }

    @Test
    void aServerThatIsNotThereIsUnreachable() throws InterruptedException {
        server.stop(0);
        assertThat(ask(endpoint(), KEY))
                .isEqualTo(new Answer(
                        Finding.Unreachable,
                        "GET " + endpoint() + "/models failed: the connection was refused; check spec.endpoint, and"
                                + " whether this process may reach it"));
    }

    @Test
    void aHostThatIsUnknownIsUnreachable() throws InterruptedException {
        Answer answer = ask("http://nowhere.invalid/v1", KEY);
        assertThat(answer.finding()).isEqualTo(Finding.Unreachable);
        assertThat(answer.message()).contains("its host has no address");
    }
}
