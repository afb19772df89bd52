package dev.tagma.gateway.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.gateway.egress.EgressAudit.AuditedRequest;
import dev.tagma.gateway.egress.EgressAudit.Cause;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AuditLogTest {
    private static final Cause CALL = new Cause("platform/analysts", "publish", new UUID(1, 2), "call_1");

    @Test
    void anAnsweredRequestIsALineOfJson() {
        assertThat(AuditLog.line(new AuditedRequest(
                        CALL, "POST", "api.test", 443, "93.184.216.34", 200, "", Duration.ofMillis(12))))
                .isEqualTo(
                        "{\"pool\":\"platform/analysts\",\"tool\":\"publish\","
                                + "\"mission\":\"00000000-0000-0001-0000-000000000002\",\"call\":\"call_1\",\"method\":\"POST\","
                                + "\"host\":\"api.test\",\"port\":443,\"address\":\"93.184.216.34\",\"status\":200,\"millis\":12}");
    }

    @Test
    void aRequestWithoutAnAnswerSaysWhy() {
        assertThat(AuditLog.line(new AuditedRequest(
                        new Cause("platform/analysts", "publish", null, ""),
                        "GET",
                        "near.test",
                        80,
                        null,
                        0,
                        "not sent: the host near.test has the address 127.0.0.1",
                        Duration.ZERO)))
                .isEqualTo(
                        "{\"pool\":\"platform/analysts\",\"tool\":\"publish\",\"method\":\"GET\",\"host\":\"near.test\",\"port\":80,"
                                + "\"trouble\":\"not sent: the host near.test has the address 127.0.0.1\",\"millis\":0}");
    }

    @Test
    void whatAModelOrAServerWroteMakesNoLineOfItsOwn() {
        Cause forged = new Cause("platform/analysts", "publish", new UUID(1, 2), "x\n{\"pool\":\"other\"}\r");
        assertThat(AuditLog.line(new AuditedRequest(
                        forged, "GET", "api.test", 80, null, 0, "lost: \u2028\nnothing", Duration.ZERO)))
                .doesNotContain("\n", "\r")
                .contains("\"call\":\"x\\n{\\\"pool\\\":\\\"other\\\"}\\r\"");
    }
}
