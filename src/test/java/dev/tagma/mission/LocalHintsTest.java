package dev.tagma.mission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.Hints.Subscription;
import dev.tagma.mission.Hints.Topic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalHintsTest {
    private final LocalHints hints = new LocalHints();
    private final List<String> heard = new ArrayList<>();

    @Test
    void listenerHearsItsTopicUntilItIsClosed() {
        try (Subscription subscription = hints.subscribe(Topic.Queue, heard::add)) {
            hints.changed(Topic.Queue, "a");
            hints.changed(Topic.Mission, "b");
            assertThat(subscription).isNotNull();
        }
        hints.changed(Topic.Queue, "c");
        assertThat(heard).containsExactly("a");
    }

    @Test
    void failingListenerHarmsNobody() {
        hints.subscribe(Topic.Queue, key -> {
            throw new IllegalStateException("deaf");
        });
        hints.subscribe(Topic.Queue, heard::add);
        hints.changed(Topic.Queue, "a");
        assertThat(heard).containsExactly("a");
    }
}
