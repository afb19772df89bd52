package dev.tagma.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jboss.logmanager.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutageTest {
    private static final Logger LOG = Logger.getLogger(Outage.class.getName());

    private final Said said = new Said();
    private long now;
    private final Outage outage = new Outage("commits", Level.WARNING, () -> now);

    @BeforeEach
    void listen() {
        LOG.setUseParentHandlers(false);
        LOG.addHandler(said);
    }

    @AfterEach
    void listenNoMore() {
        LOG.removeHandler(said);
        LOG.setUseParentHandlers(true);
    }

    @Test
    void isSaidOnceWithItsReasonAndOnceWhenItIsOver() {
        for (int i = 0; i < 3; i++) {
            outage.failed(new SQLException("No space left on device"));
        }
        assertThat(outage.lasts()).isTrue();
        now += 1_100_000_000L;
        outage.succeeded();
        outage.succeeded();
        assertThat(outage.lasts()).isFalse();
        assertThat(said.lines)
                .containsExactly(
                        "commits wait for the database: No space left on device",
                        "commits go on, the database is back");
    }

    @Test
    void isNotOverWhileSomeStillFail() {
        outage.failed(new SQLException("No space left on device"));
        for (int i = 0; i < 10; i++) {
            now += 900_000_000L;
            outage.succeeded();
            outage.failed(new SQLException("No space left on device"));
        }
        assertThat(said.lines).containsExactly("commits wait for the database: No space left on device");
    }

    @Test
    void nothingIsSaidWithoutTrouble() {
        outage.succeeded();
        assertThat(outage.lasts()).isFalse();
        assertThat(said.lines).isEmpty();
    }

    private static final class Said extends Handler {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void publish(LogRecord line) {
            lines.add(MessageFormat.format(line.getMessage(), line.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
