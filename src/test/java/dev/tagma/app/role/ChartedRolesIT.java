package dev.tagma.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.chart.Chart;
import dev.tagma.chart.Helm;
import dev.tagma.chart.Rendered;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The roles understand every variable that the chart gives them. */
@Tag("chart")
class ChartedRolesIT {
    @TempDir
    private Path files;

    static Stream<Arguments> installations() {
        List<List<String>> values = List.of(
                Chart.EMBEDDED,
                List.of(
                        "--set", "database.url=postgresql://db:5432/tagma",
                        "--set", "database.directUrl=jdbc:postgresql://direct:5432/tagma",
                        "--set", "database.existingSecret=login",
                        "--set", "tls.mode=none",
                        "--set", "watchNamespaces={one,two}"),
                List.of(
                        "--set", "postgres.embedded.enabled=true",
                        "--set", "tls.mode=existingSecret",
                        "--set", "tls.existingSecret=mine",
                        "--set", "tls.caKey="));
        return Stream.of(RoleName.operator, RoleName.gateway)
                .flatMap(role -> values.stream().map(each -> Arguments.of(role, each)));
    }

    @ParameterizedTest
    @MethodSource("installations")
    void theRoleTakesItsEnvironment(RoleName role, List<String> values) throws Exception {
        Map<String, String> environment = environment(Helm.render(values), role);
        assertThatCode(() -> RoleFactory.check(role, environment)).doesNotThrowAnyException();
        Set<String> unknown = new HashSet<>(environment.keySet());
        settings(role).forEach(each -> unknown.remove(each.name()));
        assertThat(unknown).as("variables that nobody reads").isEmpty();
    }

    private static Stream<Setting> settings(RoleName role) {
        return Stream.concat(
                HttpVariables.ALL.stream(),
                switch (role) {
                    case operator -> OperatorRoleSettings.VARIABLES.stream();
                    case gateway -> GatewayRoleSettings.VARIABLES.stream();
                    case runtime -> RuntimeRoleSettings.VARIABLES.stream();
                });
    }

    /** As the kubelet makes it: what comes from elsewhere is there, and so are the files of the mounted volumes. */
    private Map<String, String> environment(Rendered rendered, RoleName role) throws Exception {
        Map<String, String> environment = new HashMap<>();
        for (JsonNode each : rendered.container(role.name()).path("env")) {
            String value = each.path("value").asText("from-elsewhere");
            if (value.startsWith("/etc/tagma/")) {
                Path file = files.resolve(value.substring(1));
                assertThat(mounted(rendered, role, value)).as(value).isTrue();
                Files.createDirectories(file.getParent());
                Files.writeString(file, "content");
                value = file.toString();
            }
            environment.put(each.path("name").asText(), value);
        }
        return environment;
    }

    private static boolean mounted(Rendered rendered, RoleName role, String file) {
        JsonNode pod = rendered.get("Deployment", "tagma-" + role).at("/spec/template/spec");
        for (JsonNode mount : pod.at("/containers/0/volumeMounts")) {
            String directory = mount.path("mountPath").asText() + "/";
            for (JsonNode volume : pod.path("volumes")) {
                if (volume.path("name").equals(mount.path("name"))
                        && file.startsWith(directory)
                        && volume.at("/secret/items")
                                .toString()
                                .contains("\"" + file.substring(directory.length()) + "\"")) {
                    return true;
                }
            }
        }
        return false;
    }
}
