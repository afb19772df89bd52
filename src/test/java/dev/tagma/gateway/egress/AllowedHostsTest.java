package dev.tagma.gateway.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {
    @ParameterizedTest
    @CsvSource({
        "svc.local, svc.local, 80, true",
        "svc.local, SVC.Local, 8080, true",
        "svc.local:8080, svc.local, 8080, true",
        "svc.local:8080, svc.local, 80, false",
        "svc.local, a.svc.local, 80, false",
        "svc.local, xsvc.local, 80, false",
        "*.svc.local, a.svc.local, 80, true",
        "*.svc.local, a.b.svc.local, 80, true",
        "*.svc.local, svc.local, 80, false",
        "*.svc.local, asvc.local, 80, false",
        "*.svc.local:81, a.svc.local, 80, false",
        "127.0.0.1, 127.0.0.1, 9, true",
        "[::1]:9, [::1], 9, true",
        "[::1], ::1, 9, true"
    })
    void aHostIsNamedExactlyOrByItsDomain(String listed, String host, int port, boolean allowed) {
        assertThat(AllowedHosts.of(List.of(listed)).allow(host, port)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "http://a", "a/b", "a:b", "*.*.a", "a b", "user@host", "a:123456"})
    void whatIsNoHostIsRefused(String listed) {
        assertThatThrownBy(() -> AllowedHosts.of(List.of(listed)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowedHosts: \"" + listed + "\" is no host");
    }
}
