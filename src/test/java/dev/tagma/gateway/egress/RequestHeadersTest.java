package dev.tagma.gateway.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool.Header.ValueSource;
import dev.tagma.api.v1alpha1.KeyRef;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestHeadersTest {
    private static final Tool.Header TOKEN =
            new Tool.Header("Authorization", null, new ValueSource(new KeyRef("api", "token")));

    @Test
    void foreignSecretRefused() {
        SecretSource secrets = (namespace, name, key) ->
                namespace.equals("other") ? Optional.of("Bearer of-somebody-else") : Optional.empty();
        assertThatThrownBy(() -> RequestHeaders.of(List.of(TOKEN), secrets, "platform"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("headers: there is no key token in a secret platform/api");
    }

    @Test
    void secretsAreTakenOutOfWhatComesBack() {
        RequestHeaders headers = of("Bearer abcdefgh12345");
        assertThat(headers.redact("got Bearer abcdefgh12345, that is abcdefgh12345"))
                .isEqualTo("got [redacted], that is [redacted]");
        assertThat(headers.toString()).doesNotContain("abcdefgh");
        assertThat(of("pass\"word\\1").redact("{\"echo\": \"pass\\\"word\\\\1\"}"))
                .isEqualTo("{\"echo\": \"[redacted]\"}");
    }

    @Test
    void aValueWithALineBreakIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> of("Bearer abcdefgh12345\r\nX-Evil: 1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "which the secret api holds under token, must be printable ASCII without line breaks")
                .message()
                .doesNotContain("abcdefgh");
    }

    @ParameterizedTest
    @CsvSource({
        "Host, is set by the gateway",
        "content-length, is set by the gateway",
        "Transfer-Encoding, is set by the gateway",
        "Idempotency-Key, is set by the gateway",
        "'X Y', is no header name",
        "'X:', is no header name",
        "'', is no header name"
    })
    void headersThatFrameTheMessageAreRefused(String name, String problem) {
        assertThatThrownBy(() -> RequestHeaders.of(List.of(new Tool.Header(name, "x", null)), null, "platform"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void literalsAreNoSecrets() {
        RequestHeaders headers =
                RequestHeaders.of(List.of(new Tool.Header("Accept", "text/plain", null)), null, "platform");
        assertThat(headers.headers()).containsExactly(new EgressRequest.Header("Accept", "text/plain"));
        assertThat(headers.redact("text/plain")).isEqualTo("text/plain");
    }

    private static RequestHeaders of(String token) {
        return RequestHeaders.of(List.of(TOKEN), (namespace, name, key) -> Optional.of(token), "platform");
    }
}
