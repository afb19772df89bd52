package dev.tagma.app;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The program. Arguments are parsed before anything else is loaded: help, usage errors and the commands of a single process never
 * start Quarkus.
 */
@QuarkusMain
public final class Main {
    private static final Duration LAST_WORDS = Duration.ofSeconds(40);

    private Main() {}

    public static void main(String[] args) {
        Stop stop = new Stop();
        Signals signals = Signals.asking(stop);
        CountDownLatch ended = new CountDownLatch(1);
        // what asks for the end in another way, such as SIGHUP: the process waits until the command has ended
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.request();
            try {
                ended.await(LAST_WORDS.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        int code;
        try {
            code = new Commands(Console.ofProcess(System.getenv()), stop, Program.real()).execute(args);
        } finally {
            ended.countDown();
        }
        System.exit(signals.exitCode(code));
    }
}
