package dev.tagma.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.kube.Command;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Everything that Tagma says and keeps, searched for texts. */
final class Everywhere {
    /** All that is in a namespace of a pool but its Secrets. */
    private static final String KINDS =
            "agentpools,modelproviders,missions,configmaps,deployments,replicasets,pods,services,"
                    + "serviceaccounts,networkpolicies,poddisruptionbudgets,leases,events,endpointslices";

    private final List<String> needles = new ArrayList<>();
    private final Map<String, String> places = new LinkedHashMap<>();

    /** For these texts, as they are, in hex as Postgres shows bytes, and as Kubernetes shows data. */
    Everywhere(String... texts) {
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            // what is in front of it may shift a text by a byte or two in base64: the middle is the same then
            for (int shift = 0; shift < 3; shift++) {
                String encoded = Base64.getEncoder()
                        .withoutPadding()
                        .encodeToString((" ".repeat(shift) + text).getBytes(StandardCharsets.UTF_8));
                needles.add(encoded.substring(shift == 0 ? 0 : 4, encoded.length() - 3));
            }
            needles.addAll(List.of(text, HexFormat.of().formatHex(bytes)));
        }
    }

    /** The logs of all pods of Tagma and of a namespace, and of their containers that died. */
    Everywhere logs(String namespace) {
        for (Pod pod : pods(namespace)) {
            for (String more : new String[] {"--previous=false", "--previous=true"}) {
                Command.Result logs = Suite.kubectl(
                        "logs", "-n", pod.getMetadata().getNamespace(), Pods.name(pod), "--all-containers", more);
                if (more.endsWith("false")) {
                    logs.ok();
                }
                places.put("log " + Pods.name(pod) + " " + more, logs.out());
            }
        }
        return this;
    }

    /** What the roles show to Prometheus. */
    Everywhere metrics(String namespace) {
        for (Pod pod : pods(namespace)) {
            if (!"postgres".equals(component(pod))) {
                try (Forward forward = new Forward(pod.getMetadata().getNamespace(), Pods.name(pod), 8080)) {
                    String metrics = new Http(forward.authority(), null)
                            .get("/q/metrics")
                            .body();
                    assertThat(metrics).contains("jvm_memory");
                    places.put("metrics " + Pods.name(pod), metrics);
                }
            }
        }
        return this;
    }

    /** Objects with their statuses and Events, of Tagma's namespace too. */
    Everywhere objects(String namespace) {
        for (String each : new String[] {namespace, Tagma.NAMESPACE}) {
            places.put(
                    "objects of " + each,
                    Suite.kubectl("get", KINDS, "-n", each, "-o", "yaml", "--show-managed-fields")
                            .ok());
        }
        return this;
    }

    /** The missions and transcripts as the gateway tells them to somebody who may read them. */
    Everywhere transcripts(String namespace, String token) {
        try (Forward forward =
                new Forward(Tagma.NAMESPACE, Pods.name(Tagma.pods("gateway").getFirst()), 8080)) {
            Http http = new Http(forward.authority(), token);
            String missions = "/api/v1alpha1/namespaces/" + namespace + "/missions";
            places.put("REST " + missions, http.get(missions).body());
            Suite.kubectl("get", "missions", "-n", namespace, "-o", "jsonpath={.items[*].metadata.name}")
                    .ok()
                    .transform(names -> Arrays.stream(names.strip().split(" ")))
                    .forEach(name -> Stream.of("/transcript?limit=100", "/chain?limit=100", "")
                            .forEach(more -> places.put(
                                    "REST " + name + more,
                                    http.get(missions + "/" + name + more).body())));
        }
        return this;
    }

    private static List<Pod> pods(String namespace) {
        return Stream.of(namespace, Tagma.NAMESPACE)
                .flatMap(each -> Suite.client().pods().inNamespace(each).list().getItems().stream())
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    private static String component(Pod pod) {
        return pod.getMetadata().getLabels().get("app.kubernetes.io/component");
    }

    /** Where any of the texts was found. */
    List<String> found() {
        List<String> found = new ArrayList<>();
        places.forEach((place, text) -> {
            if (needles.stream().anyMatch(text::contains)) {
                found.add(place);
            }
        });
        found.addAll(tables());
        return found;
    }

    int size() {
        return places.size();
    }

    /** The tables of the database with a row that holds one of the texts, whatever the column. */
    private List<String> tables() {
        return Tagma.withDatabase(settings -> {
            List<String> found = new ArrayList<>();
            try (Connection connection =
                    DriverManager.getConnection(settings.url(), settings.user(), settings.password())) {
                for (String table : names(connection)) {
                    try (PreparedStatement search = connection.prepareStatement("select count(*) from \"" + table
                            + "\" t where exists (select from unnest(?::text[]) n where position(n in t::text) > 0)")) {
                        search.setArray(1, connection.createArrayOf("text", needles.toArray()));
                        try (ResultSet rows = search.executeQuery()) {
                            if (rows.next() && rows.getLong(1) > 0) {
                                found.add("table " + table);
                            }
                        }
                    }
                }
                return found;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static List<String> names(Connection connection) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet tables = statement.executeQuery(
                        "select table_name from information_schema.tables where table_schema = 'public'")) {
            while (tables.next()) {
                names.add(tables.getString(1));
            }
        }
        return names;
    }
}
