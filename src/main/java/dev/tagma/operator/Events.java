package dev.tagma.operator;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Tells of what happened to an object, where {@code kubectl describe} shows it. The status is the truth and an Event is a hint: one that
 * cannot be written is dropped, as are those that come faster than they can be written. The same words about the same object are said once in {@link #SILENCE}, and an object has at most {@link
 * #PER_OBJECT} Events in that time.
 */
public final class Events {
    /** Events about one object in {@link #SILENCE}. */
    public static final int PER_OBJECT = 20;

    /** For how long the same is not said again. */
    public static final Duration SILENCE = Duration.ofMinutes(10);

    private static final Logger LOG = System.getLogger(Events.class.getName());
    private static final String CONTROLLER = "tagma.dev/operator";
    private static final int MAX_NOTE = 1024;
    private static final int REMEMBERED = 10_000;
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'");

    private final KubernetesClient client;
    private final String instance;
    private final InstantSource clock;
    private final Executor executor;
    private final Cache<String, Boolean> said;
    private final Cache<String, Integer> counted;

    /**
     * Nothing said yet.
     *
     * @param instance who says it: this operator's identity
     * @param executor writes them; one that refuses drops them
     */
    public Events(KubernetesClient client, String instance, InstantSource clock, Executor executor) {
        this.client = client;
        this.instance = instance;
        this.clock = clock;
        this.executor = executor;
        this.said = memory();
        this.counted = memory();
    }

    private <V> Cache<String, V> memory() {
        return Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterWrite(SILENCE)
                .ticker(() -> Duration.between(Instant.EPOCH, clock.instant()).toNanos())
                .executor(Runnable::run)
                .build();
    }

    /** Says {@code note}, for people, about an object. Never fails, and does not wait until it is written. */
    public void say(HasMetadata about, Happening happening, String note) {
        String uid = about.getMetadata().getUid();
        if (said.asMap().putIfAbsent(uid + happening + note, true) != null
                || counted.asMap().getOrDefault(uid, 0) >= PER_OBJECT) {
            return;
        }
        counted.put(uid, counted.asMap().getOrDefault(uid, 0) + 1);
        Event event = event(about, happening, note);
        try {
            executor.execute(() -> write(event));
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "too many Events, one is lost: " + happening + ": " + note, e);
        }
    }

    private void write(Event event) {
        try {
            client.resource(event).create();
        } catch (KubernetesClientException e) {
            // such as in a namespace that is being deleted
            LOG.log(Level.DEBUG, "an Event is lost: " + event.getReason() + ": " + event.getNote(), e);
        }
    }

    private Event event(HasMetadata about, Happening happening, String note) {
        return new EventBuilder()
                .withNewMetadata()
                .withGenerateName(about.getMetadata().getName() + "-")
                .withNamespace(about.getMetadata().getNamespace())
                .endMetadata()
                .withEventTime(new MicroTime(MICROS.format(clock.instant().atZone(ZoneOffset.UTC))))
                .withReportingController(CONTROLLER)
                .withReportingInstance(cut(instance, 128))
                .withAction(happening.action())
                .withReason(happening.name())
                .withType(happening.kind().name())
                .withRegarding(reference(about))
                .withNote(cut(note, MAX_NOTE))
                .build();
    }

    private static ObjectReference reference(HasMetadata about) {
        return new ObjectReferenceBuilder()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(about.getMetadata().getNamespace())
                .withName(about.getMetadata().getName())
                .withUid(about.getMetadata().getUid())
                .build();
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 3) + "...";
    }
}
