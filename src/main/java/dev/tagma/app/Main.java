package dev.tagma.app;

import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;

/** The program. */
@QuarkusMain
@CommandLine.Command(name = "tagma", mixinStandardHelpOptions = true)
public final class Main implements Runnable {
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    public void run() {}
}
