package dev.tagma.gateway.rest.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.gateway.rest.http.ProblemException;
import org.junit.jupiter.api.Test;

class ApiServerTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void whatTheGatewaysAccountMayNotDoIsNoFaultOfTheCaller() throws Exception {
        ProblemException problem = ApiServer.refused(403, status("""
                missions.tagma.dev is forbidden: User \\"system:serviceaccount:tagma-system:tagma-gateway\\" cannot create \
                resource \\"missions\\" in API group \\"tagma.dev\\" in the namespace \\"a\\", it says""", "Forbidden"));
        assertThat(problem.status()).isEqualTo(503);
        assertThat(problem.getMessage()).doesNotContain("tagma-system");
        assertThat(ApiServer.refused(401, status("Unauthorized", "Unauthorized"))
                        .status())
                .isEqualTo(503);
    }

    @Test
    void whatAnAdmissionForbidsIsTheCallers() throws Exception {
        ProblemException problem = ApiServer.refused(
                403,
                status(
                        "missions.tagma.dev \\\"m\\\" is forbidden: a mission cannot have this goal, says the policy",
                        "Forbidden"));
        assertThat(problem.status()).isEqualTo(403);
        assertThat(problem.getMessage()).contains("says the policy");
    }

    @Test
    void aFieldThatIsUnknownIsNamed() throws Exception {
        ProblemException problem =
                ApiServer.refused(400, status("strict decoding error: unknown field \\\"spec.gaol\\\"", "BadRequest"));
        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.problem().field()).isEqualTo("spec.gaol");
    }

    @Test
    void aServerThatFailsOrIsBusyIsWorthAnotherAttempt() throws Exception {
        assertThat(ApiServer.refused(500, status("etcd is away", "InternalError"))
                        .status())
                .isEqualTo(503);
        ProblemException busy = ApiServer.refused(429, JSON.readTree("{\"details\": {\"retryAfterSeconds\": 7}}"));
        assertThat(busy.status()).isEqualTo(429);
        assertThat(busy.headers()).containsEntry("Retry-After", "7");
    }

    private static JsonNode status(String message, String reason) throws Exception {
        return JSON.readTree(
                "{\"kind\": \"Status\", \"message\": \"" + message + "\", \"reason\": \"" + reason + "\"}");
    }
}
