package dev.tagma.e2e;

import dev.tagma.app.Witness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tools and the model outside Tagma that the suite's agents use, and what they have seen. */
final class Outside implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);
    private static final Pattern GOAL = Pattern.compile("goal-[a-z0-9-]+");

    private final Path directory;
    private final Process process;
    private final List<String> addresses;

    /** Starts them where {@code prefix} puts a process, at an address that pods reach. */
    Outside(List<String> prefix, String address) {
        try {
            directory = Files.createTempDirectory("tagma-outside");
            List<String> command = new ArrayList<>(prefix);
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of(
                    "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
            command.addAll(List.of(OutsideServer.class.getName(), address, directory.toString()));
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output.log").toFile())
                    .start();
            Path file = directory.resolve(OutsideServer.ADDRESSES);
            Waiting.atMost(START, "the tools outside to serve").until(() -> Files.exists(file));
            addresses = Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Host and port of the tools. */
    String tools() {
        return addresses.getFirst();
    }

    /** Host and port of the model. */
    String models() {
        return addresses.get(1);
    }

    /** Host and port of the mirror. */
    String mirror() {
        return addresses.getLast();
    }

    /** Paths and headers that the mirror was shown. */
    List<String> mirrored() {
        try {
            return Files.readAllLines(directory.resolve(OutsideServer.MIRROR));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The calls of tools so far whose path ends with this. */
    List<Witness.Call> calls(String suffix) {
        return noted(OutsideServer.TOOLS).stream()
                .filter(call -> call.path().endsWith(suffix))
                .toList();
    }

    /** All calls of tools so far. */
    List<Witness.Call> calls() {
        return noted(OutsideServer.TOOLS);
    }

    /** When the model was first asked about each goal {@code goal-...}. */
    Map<String, Instant> firstAsked() {
        Map<String, Instant> first = new HashMap<>();
        for (Witness.Call call : noted(OutsideServer.MODELS)) {
            Matcher goal = GOAL.matcher(call.body());
            if (goal.find()) {
                first.putIfAbsent(goal.group(), call.at());
            }
        }
        return first;
    }

    private List<Witness.Call> noted(String file) {
        try {
            return Witness.calls(directory.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
