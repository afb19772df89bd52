package dev.tagma.chart;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.kube.Cluster;
import dev.tagma.kube.Command;
import dev.tagma.kube.Programs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code helm} as a process. */
public final class Helm {
    private static final String KUBERNETES = "1.34.4";

    private Helm() {}

    /** The objects that the chart renders with these arguments, hooks included, without a cluster. */
    public static Rendered render(List<String> arguments) {
        List<JsonNode> objects = Chart.objects(template(arguments).ok());
        return new Rendered(objects);
    }

    /** The same of an installation with the embedded Postgres and these {@code --set} assignments. */
    public static Rendered with(String... assignments) {
        List<String> arguments = new ArrayList<>(Chart.EMBEDDED);
        Arrays.stream(assignments).forEach(each -> arguments.addAll(List.of("--set", each)));
        return render(arguments);
    }

    public static Command.Result template(List<String> arguments) {
        List<String> all = new ArrayList<>(List.of(
                "template",
                Chart.RELEASE,
                Chart.DIRECTORY.toString(),
                "--namespace",
                Chart.NAMESPACE,
                "--kube-version",
                KUBERNETES));
        all.addAll(arguments);
        return run(all);
    }

    /** With a cluster's kubeconfig, as its administrator. */
    public static Command.Result on(Cluster cluster, String... arguments) {
        List<String> all =
                new ArrayList<>(List.of("--kubeconfig", cluster.kubeconfig().toString()));
        all.addAll(List.of(arguments));
        return run(all);
    }

    public static Command.Result run(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program("helm")));
        command.addAll(arguments);
        return Command.of(command).run();
    }

    static String program(String name) {
        return Once.PROGRAMS.path(name);
    }

    private static final class Once {
        private static final Programs PROGRAMS = Programs.ofNodes();
    }
}
