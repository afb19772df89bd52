package dev.tagma.app.role;

import dev.tagma.mission.link.Hello;
import dev.tagma.runtime.grpc.GrpcLinkSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * What a runtime is told: no database, no key.
 *
 * @param gateways host:port to dial; several take turns
 * @param ca PEM file with the authorities that its certificate is checked by; null for the system's
 * @param token file that holds the pod's token, written anew before it expires
 */
record RuntimeRoleSettings(
        List<String> gateways,
        boolean plaintext,
        Path ca,
        Path token,
        UUID pool,
        int slots,
        String pod,
        Duration drainGrace) {
    private static final int MOST_SLOTS = 10_000;
    private static final Setting GATEWAY =
            Setting.required("TAGMA_GATEWAY", "the gateway to dial, as HOST:PORT; several with commas");
    private static final Setting PLAINTEXT =
            Setting.optional("TAGMA_GATEWAY_PLAINTEXT", "false", "true dials without TLS");
    private static final Setting CA =
            Setting.optional("TAGMA_GATEWAY_CA", "", "PEM file by which its certificate is checked");
    private static final Setting TOKEN = Setting.optional(
            "TAGMA_TOKEN_FILE", "/var/run/secrets/tagma/token", "the pod's projected token of audience tagma");
    private static final Setting POOL = Setting.required("TAGMA_POOL_UID", "UID of the AgentPool that it serves");
    private static final Setting SLOTS = Setting.optional("TAGMA_SLOTS", "50", "missions that run at a time");
    private static final Setting POD = Setting.required("TAGMA_POD_NAME", "this pod's name");
    private static final Setting DRAIN =
            Setting.optional("TAGMA_DRAIN_SECONDS", "20", "how long SIGTERM waits for steps in work");

    static final List<Setting> VARIABLES = List.of(GATEWAY, PLAINTEXT, CA, TOKEN, POOL, SLOTS, POD, DRAIN);

    static RuntimeRoleSettings read(Environment environment) {
        HttpVariables.check(environment);
        if (environment.flag(PLAINTEXT) && environment.file(CA) != null) {
            environment.problem(CA, "is of no use where " + PLAINTEXT.name() + " is true: keep one of the two");
        }
        return new RuntimeRoleSettings(
                environment.parsed(
                        GATEWAY,
                        List.of(),
                        Addresses.FORM,
                        value -> Arrays.stream(value.split(","))
                                .map(String::strip)
                                .map(Addresses::checked)
                                .toList()),
                environment.flag(PLAINTEXT),
                environment.file(CA),
                environment.file(TOKEN),
                environment.uid(POOL),
                environment.number(SLOTS, 1, MOST_SLOTS),
                environment.text(POD),
                Duration.ofSeconds(environment.number(DRAIN, 0, 3_600)));
    }

    GrpcLinkSettings link() {
        return plaintext ? GrpcLinkSettings.plaintext(gateways, token) : GrpcLinkSettings.tls(gateways, ca, token);
    }

    Hello hello(String version) {
        return new Hello(pool, pod, slots, version);
    }
}
