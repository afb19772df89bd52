package dev.tagma.e2e;

import dev.tagma.app.Witness;
import dev.tagma.bench.FirstCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/**
 * What lies outside Tagma, as a process that no death of a node touches: a tool server that notes each call in {@code tools.log}, a model
 * that answers at once and notes each call in {@code models.log}, and a mirror that notes headers in {@code mirror.log}. It ends with its
 * standard input.
 */
final class OutsideServer {
    /** File of the three addresses, a line each, there once all serve. */
    static final String ADDRESSES = "addresses";

    static final String TOOLS = "tools.log";
    static final String MODELS = "models.log";
    static final String MIRROR = "mirror.log";
    private static final Duration WORK = Duration.ofMillis(20);

    private OutsideServer() {}

    /** {@code OutsideServer ADDRESS DIRECTORY}. */
    public static void main(String... arguments) throws IOException {
        InetAddress address = InetAddress.getByName(arguments[0]);
        Path directory = Path.of(arguments[1]);
        try (Witness tools = new Witness(address, directory.resolve(TOOLS), WORK, "{\"done\": true}");
                Witness models = new Witness(address, directory.resolve(MODELS), Duration.ZERO, FirstCalls.REPLY);
                Mirror mirror = new Mirror(address, directory.resolve(MIRROR))) {
            Path written = directory.resolve(ADDRESSES + ".new");
            Files.writeString(
                    written, tools.authority() + "\n" + models.authority() + "\n" + mirror.authority() + "\n");
            Files.move(written, directory.resolve(ADDRESSES), StandardCopyOption.ATOMIC_MOVE);
            System.in.readAllBytes();
        }
    }
}
