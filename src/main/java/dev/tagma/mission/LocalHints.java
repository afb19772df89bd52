package dev.tagma.mission;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Hints within one process: listeners are told by the thread that says it. */
public final class LocalHints implements Hints {
    private static final System.Logger LOG = System.getLogger(LocalHints.class.getName());

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    private record Listener(Topic topic, Consumer<String> consumer) {}

    @Override
    public void changed(Topic topic, String key) {
        for (Listener listener : listeners) {
            if (listener.topic == topic) {
                tell(listener, key);
            }
        }
    }

    /** Whoever has news must not suffer from those who hear them. */
    private static void tell(Listener listener, String key) {
        try {
            listener.consumer.accept(key);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a listener to " + listener.topic + " failed", e);
        }
    }

    @Override
    public Subscription subscribe(Topic topic, Consumer<String> listener) {
        Listener entry = new Listener(topic, listener);
        listeners.add(entry);
        return () -> listeners.removeIf(each -> each == entry);
    }
}
