package dev.tagma.app;

import dev.tagma.app.view.Colors;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The terminal and the environment that a command sees.
 *
 * @param out results, for people or programs
 * @param err progress and trouble, for people
 * @param environment variables
 * @param rows and {@code columns} of the terminal where {@code err} is one, else 0
 */
record Console(PrintStream out, PrintStream err, Map<String, String> environment, int rows, int columns) {
    private static final int UNLIMITED = 10_000;

    /**
     * The process's own. The launcher says in TAGMA_TERMINAL ({@code ROWS COLUMNS}) whether standard error is a terminal: Java cannot tell
     * for one stream.
     */
    static Console ofProcess(Map<String, String> environment) {
        int rows = 0;
        int columns = 0;
        String[] size = environment.getOrDefault("TAGMA_TERMINAL", "").split(" ");
        if (size.length == 2 && size[0].matches("[0-9]{1,4}") && size[1].matches("[0-9]{1,4}")) {
            rows = Integer.parseInt(size[0]);
            columns = Integer.parseInt(size[1]);
        }
        return new Console(
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                environment,
                rows,
                columns);
    }

    /** Whether standard error is a terminal that can be drawn on. */
    boolean live() {
        return rows > 0 && columns > 0 && !"dumb".equals(environment.get("TERM"));
    }

    /** Colours, unless nobody could see them, or the user said no (the NO_COLOR convention). */
    Colors colors(boolean refused) {
        return live() && !refused && environment.getOrDefault("NO_COLOR", "").isEmpty() ? Colors.Ansi : Colors.None;
    }

    /** How wide a line of standard output may be: what goes into a file or a pipe is never cut. */
    int lineWidth() {
        return columns > 0 && "fit".equals(environment.get("TAGMA_TABLE")) ? columns : UNLIMITED;
    }

    /** A variable's value; empty where it is not set. */
    String variable(String name) {
        return environment.getOrDefault(name, "").strip();
    }
}
