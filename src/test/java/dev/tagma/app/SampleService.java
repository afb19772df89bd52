package dev.tagma.app;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The service that the sample {@code triage} asks, at the port that the sample names. */
public final class SampleService implements AutoCloseable {
    private final Path calls;
    private final Stop stop = new Stop();
    private final Thread serving;

    /** Each call becomes a line of the file {@code calls}, which must not exist. */
    public SampleService(Path calls) throws IOException {
        this.calls = Files.createFile(calls);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        SampleServiceCommand service = new SampleServiceCommand(new Console(nowhere, nowhere, Map.of(), 0, 0), stop);
        service.calls = calls;
        this.serving = Thread.ofVirtual().start(() -> {
            try {
                service.call();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Method, path and idempotency key of each call so far. */
    public List<String> calls() throws IOException {
        return Files.readAllLines(calls);
    }

    @Override
    public void close() {
        stop.request();
        try {
            serving.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
