package dev.tagma.bench;

import dev.tagma.kube.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What work has cost so far on a cluster of this process.
 *
 * @param cpuNanos CPU time by program: the children of this process that live still, Postgres, and this process itself as "load"
 * @param requests that the API server answered about Missions, by verb, subresource and code
 */
record ClusterCosts(Map<String, Long> cpuNanos, Map<String, Long> requests) {
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final Pattern REQUESTS = Pattern.compile("apiserver_request_total\\{(.*)} (\\S+)");

    static ClusterCosts now(Cluster cluster) {
        Map<String, Long> cpu = new TreeMap<>();
        cpu.put("load", ticks(ProcessHandle.current().pid()) * NANOS_PER_TICK);
        cpu.put("postgres", Costs.postgresTicks() * NANOS_PER_TICK);
        ProcessHandle.current()
                .descendants()
                .forEach(
                        process -> cpu.merge(program(process.pid()), ticks(process.pid()) * NANOS_PER_TICK, Long::sum));
        return new ClusterCosts(cpu, requests(cluster));
    }

    /** Milliseconds of CPU by program, of each of so many missions since {@code before}. */
    String cpuPerMission(ClusterCosts before, int count) {
        return each(cpuNanos, before.cpuNanos, 1e6 * count);
    }

    /** Requests by kind, of each of so many missions since {@code before}. */
    String requestsPerMission(ClusterCosts before, int count) {
        return each(requests, before.requests, count);
    }

    private static String each(Map<String, Long> now, Map<String, Long> before, double unit) {
        return now.entrySet().stream()
                .map(entry ->
                        Map.entry(entry.getKey(), (entry.getValue() - before.getOrDefault(entry.getKey(), 0L)) / unit))
                .filter(entry -> entry.getValue() >= 0.005)
                .map(entry -> String.format(Locale.ROOT, "%s %.2f", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static Map<String, Long> requests(Cluster cluster) {
        Map<String, Long> counted = new TreeMap<>();
        cluster.client().raw("/metrics").lines().forEach(line -> {
            Matcher request = REQUESTS.matcher(line);
            if (request.matches() && label(request.group(1), "resource").equals("missions")) {
                String labels = request.group(1);
                String name = label(labels, "verb") + " " + label(labels, "subresource") + " " + label(labels, "code");
                counted.merge(name.replace("  ", " "), (long) Double.parseDouble(request.group(2)), Long::sum);
            }
        });
        return counted;
    }

    private static String label(String labels, String name) {
        Matcher value = Pattern.compile("(?:^|,)" + name + "=\"([^\"]*)\"").matcher(labels);
        return value.find() ? value.group(1) : "";
    }

    private static String program(long pid) {
        try {
            List<String> command = List.of(Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .split("\0"));
            String name = Path.of(command.getFirst()).getFileName().toString();
            return name.equals("java") ? command.getLast() : name;
        } catch (IOException e) {
            return "ended";
        }
    }

    private static long ticks(long pid) {
        List<String> stat = Costs.stat(pid);
        return stat.isEmpty() ? 0 : Long.parseLong(stat.get(11)) + Long.parseLong(stat.get(12));
    }
}
