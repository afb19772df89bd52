package dev.tagma.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.kube.Command;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the chart refuses, and that it says which value and why. */
@Tag("chart")
class ChartRefusalsIT {
    private static void refused(List<String> arguments, String... words) {
        Command.Result result = Helm.template(arguments);
        assertThat(result.exit()).as(String.join(" ", arguments)).isNotZero();
        assertThat(result.err()).contains(words);
    }

    @ParameterizedTest
    @CsvSource({
        "gateway.replica=3, gateway, replica",
        "gateway.replicas=-1, /gateway/replicas, 0",
        "gateway.replicas=two, /gateway/replicas, integer",
        "operator.leaseSeconds=1, /operator/leaseSeconds, 2",
        "tls.mode=self, /tls/mode, selfSigned",
        "image.pullPolicy=Sometimes, /image/pullPolicy, IfNotPresent",
        "image.digest=latest, /image/digest, sha256",
        "logLevel=TRACE, /logLevel, DEBUG",
        "watchNamespaces={Upper}, /watchNamespaces/0, pattern",
        "database.url=jdbc:mysql://db/t, /database/url, postgres",
        "database.url=jdbc:postgresql://me:secret@db/t, /database/url, postgres",
        "postgres.embedded.persistence.size=large, /postgres/embedded/persistence/size, pattern",
        "postgres.embedded.user=x; drop, /postgres/embedded/user, pattern",
        "gateway.resources.limits.memory=much, /gateway/resources/limits/memory, pattern",
        "networkPolicy.apiServer.ports={0}, /networkPolicy/apiServer/ports/0, 1",
        "'commonLabels.app\\.kubernetes\\.io/name=x', invalid propertyName, app.kubernetes.io/name",
        "tests.timeout=soon, /tests/timeout, pattern"
    })
    void aValueOfTheWrongForm(String assignment, String where, String what) {
        List<String> arguments = new ArrayList<>(Chart.EMBEDDED);
        arguments.addAll(List.of("--set", assignment));
        refused(arguments, where, what);
    }

    @Test
    void noDatabase() {
        refused(List.of(), "database.url is empty", "postgres.embedded.enabled=true");
        refused(List.of("--set", "database.url=jdbc:postgresql://db/t"), "database.existingSecret is empty");
    }

    @Test
    void twoDatabases() {
        List<String> arguments = new ArrayList<>(Chart.EMBEDDED);
        arguments.addAll(List.of("--set", "database.url=jdbc:postgresql://db/t"));
        refused(arguments, "keep one of the two");
    }

    @ParameterizedTest
    @CsvSource({
        "tls.mode=certManager, tls.certManager.issuerRef.name",
        "tls.mode=existingSecret, tls.existingSecret",
        "serviceMonitor.enabled=true, networkPolicy.metricsFrom",
        "gateway.podDisruptionBudget.minAvailable=1, both minAvailable and maxUnavailable",
        "gateway.ingress.enabled=true, gateway.ingress.hosts",
        "'watchNamespaces={a},tests.namespace=b', tests.namespace b is none of watchNamespaces"
    })
    void valuesThatLackAnother(String assignment, String what) {
        List<String> arguments = new ArrayList<>(Chart.EMBEDDED);
        arguments.addAll(List.of("--set", assignment));
        refused(arguments, what);
    }
}
