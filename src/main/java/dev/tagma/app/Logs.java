package dev.tagma.app;

import java.io.PrintStream;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The log of a command: one line per record on standard error, warnings only unless more is asked for. */
final class Logs extends Handler {
    private final PrintStream err;
    private final boolean traces;

    private Logs(PrintStream err, boolean traces) {
        this.err = err;
        this.traces = traces;
        setFormatter(new OneLine());
    }

    /** Replaces what the platform configured. */
    static void to(PrintStream err, boolean verbose) {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.setLevel(verbose ? Level.INFO : Level.WARNING);
        root.addHandler(new Logs(err, verbose));
    }

    @Override
    public void publish(LogRecord line) {
        if (isLoggable(line)) {
            err.println(getFormatter().format(line));
            if (traces && line.getThrown() != null) {
                line.getThrown().printStackTrace(err);
            }
        }
    }

    @Override
    public void flush() {
        err.flush();
    }

    @Override
    public void close() {
        flush();
    }

    /** {@code 09:12:01 WARN gateway: text: cause}. */
    static final class OneLine extends Formatter {
        private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

        @Override
        public String format(LogRecord line) {
            String logger = line.getLoggerName() == null ? "" : line.getLoggerName();
            String level = line.getLevel().intValue() >= Level.SEVERE.intValue()
                    ? "ERROR"
                    : line.getLevel().intValue() >= Level.WARNING.intValue() ? "WARN" : "INFO";
            return CLOCK.format(line.getInstant().atZone(ZoneId.systemDefault())) + " " + level + " "
                    + logger.substring(logger.lastIndexOf('.') + 1) + ": " + formatMessage(line)
                    + (line.getThrown() == null ? "" : ": " + line.getThrown());
        }
    }
}
