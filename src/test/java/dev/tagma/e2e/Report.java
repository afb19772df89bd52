package dev.tagma.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What the suite found, as target/e2e/report.md: each scenario with its time and verdict, each figure with its goal. */
final class Report implements BeforeTestExecutionCallback, AfterTestExecutionCallback {
    private static final Path FILE = Path.of("target", "e2e", "report.md");
    private static final Map<String, List<String>> SCENARIOS = new TreeMap<>();
    private static final List<String> FIGURES = new ArrayList<>();
    private static final String BEGAN = "began";

    /** A figure, with its goal or what it is compared with. */
    static void figure(String name, String measured, String goal) {
        synchronized (FIGURES) {
            FIGURES.add("| " + name + " | " + measured + " | " + goal + " |");
        }
        System.out.printf("e2e: %s: %s (%s)%n", name, measured, goal);
    }

    /** A goal, and whether it is met. */
    static String goal(String goal, boolean met) {
        return goal + (met ? ": met" : ": **missed**");
    }

    static String millis(long value) {
        return String.format(Locale.ROOT, "%,d ms", value);
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3);
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        context.getStore(ExtensionContext.Namespace.create(Report.class, context.getUniqueId()))
                .put(BEGAN, System.nanoTime());
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        long began = context.getStore(ExtensionContext.Namespace.create(Report.class, context.getUniqueId()))
                .get(BEGAN, Long.class);
        Scenarios group = context.getRequiredTestClass().getAnnotation(Scenarios.class);
        String verdict = context.getExecutionException().isEmpty() ? "passed" : "**failed**";
        String row = "| %s | %s | %s |"
                .formatted(
                        words(context.getRequiredTestMethod().getName()),
                        seconds(Duration.ofNanos(System.nanoTime() - began)),
                        verdict);
        System.out.println("e2e: " + row);
        context.getExecutionException().ifPresent(why -> System.out.println("e2e: " + why));
        SCENARIOS
                .computeIfAbsent("%02d. %s".formatted(group.number(), group.value()), key -> new ArrayList<>())
                .add(row);
        write();
    }

    /** {@code aNodeDies} as "a node dies". */
    private static String words(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])", " ")
                .toLowerCase(Locale.ROOT);
    }

    private static void write() {
        StringBuilder text = new StringBuilder();
        SCENARIOS.forEach((group, rows) -> {
            text.append("\n## ")
                    .append(group.replaceFirst("^0", ""))
                    .append("\n\n| scenario | time | verdict |\n| --- | --- | --- |\n");
            rows.forEach(row -> text.append(row).append('\n'));
        });
        text.append("\n## Figures\n\n| figure | measured | goal |\n| --- | --- | --- |\n");
        synchronized (FIGURES) {
            FIGURES.forEach(row -> text.append(row).append('\n'));
        }
        try {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
