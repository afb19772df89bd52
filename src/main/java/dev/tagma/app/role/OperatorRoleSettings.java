package dev.tagma.app.role;

import dev.tagma.operator.OperatorSettings;
import dev.tagma.operator.OperatorSettings.Lease;
import dev.tagma.operator.OperatorSettings.Runtimes;
import dev.tagma.store.DatabaseSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What an operator is told. */
record OperatorRoleSettings(DatabaseSettings database, OperatorSettings operator) {
    private static final Setting IMAGE = Setting.required("TAGMA_IMAGE", "the image of runtime pods: this very one");
    private static final Setting GATEWAY =
            Setting.required("TAGMA_RUNTIME_GATEWAY", "where runtime pods reach their gateway, as HOST:PORT");
    private static final Setting PLAINTEXT =
            Setting.optional("TAGMA_GATEWAY_PLAINTEXT", "false", "true lets runtime pods dial it without TLS");
    private static final Setting AUTHORITY = Setting.optional(
            "TAGMA_RUNTIME_CA_FILE",
            "",
            "PEM file with the certificates by which runtime pods check the gateway; read again when it changes");
    private static final Setting LEASE = Setting.optional(
            "TAGMA_LEASE_SECONDS", "15", "after how long without a word of the leader another operator leads");

    static final List<Setting> VARIABLES = Stream.of(
                    ClusterVariables.ALL, DatabaseVariables.ALL, List.of(IMAGE, GATEWAY, PLAINTEXT, AUTHORITY, LEASE))
            .flatMap(List::stream)
            .toList();

    static OperatorRoleSettings read(Environment environment) {
        HttpVariables.check(environment);
        DatabaseSettings database = DatabaseVariables.read(environment, "tagma-operator");
        String namespace = environment.text(ClusterVariables.NAMESPACE);
        String image = environment.text(IMAGE);
        String gateway = environment.parsed(GATEWAY, "none:0", Addresses.FORM, Addresses::checked);
        Path authority = environment.file(AUTHORITY);
        if (environment.flag(PLAINTEXT) && authority != null) {
            environment.problem(AUTHORITY, "is of no use where " + PLAINTEXT.name() + " is true: keep one of the two");
        }
        environment.orThrow();
        return new OperatorRoleSettings(
                database,
                new OperatorSettings(
                        namespace,
                        environment.names(ClusterVariables.WATCH_NAMESPACES),
                        new Runtimes(image, gateway, environment.flag(PLAINTEXT), authority),
                        lease(environment)));
    }

    /** The proportions are those of Kubernetes' own controllers. */
    private static Lease lease(Environment environment) {
        Duration duration = Duration.ofSeconds(environment.number(LEASE, 2, 600));
        return new Lease(
                Lease.NAME,
                ClusterVariables.name(environment, "operator"),
                duration,
                duration.multipliedBy(2).dividedBy(3),
                duration.multipliedBy(2).dividedBy(15));
    }
}
