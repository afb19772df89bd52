package dev.tagma.operator.mission;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.catalog.CatalogUnavailableException;
import dev.tagma.mission.StoreUnavailableException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The reconciliations that could not be done at once: which they are, since when, and why. Each is tried again; that any is late is said
 * once, and once that none is any more, because nobody reads a line for each of many missions.
 */
final class Arrears {
    /** What waits for longer is late. */
    static final Duration LATE = Duration.ofSeconds(10);

    private static final Logger LOG = System.getLogger(Arrears.class.getName());
    private static final Duration AWAY = Duration.ofSeconds(1);
    private static final Duration CONFLICT = Duration.ofMillis(100);
    private static final int FRAMES = 12;

    private final Predicate<UUID> present;
    private final LongSupplier nanoTime;
    private final Map<UUID, Debt> debts = new ConcurrentHashMap<>();
    private volatile List<Debt> late = List.of();
    private long lateSince;

    /**
     * What is owed to a mission.
     *
     * @param since when it was first tried
     * @param tried when it was last tried
     * @param by the thread that tries it now, or null
     * @param why it was not done the last time; empty where it is the first time
     */
    private record Debt(String mission, long since, long tried, Thread by, String why) {}

    /** @param present whether there is such a Mission: none is owed anything that is gone */
    Arrears(Predicate<UUID> present, LongSupplier nanoTime) {
        this.present = present;
        this.nanoTime = nanoTime;
    }

    /** Does the work, or says when it is to be tried again; throws where only the longer and longer waiting of a retry helps. */
    UpdateControl<Mission> attempt(Mission mission, Supplier<UpdateControl<Mission>> work) {
        UUID uid = RunIdentity.own(mission);
        begin(uid, mission);
        try {
            UpdateControl<Mission> done = work.get();
            debts.remove(uid);
            return done;
        } catch (StoreUnavailableException | CatalogUnavailableException e) {
            return again(uid, e, AWAY);
        } catch (KubernetesClientException e) {
            return switch (e.getCode()) {
                // What is written next comes from what the API server has by then.
                case HttpURLConnection.HTTP_CONFLICT -> again(uid, e, CONFLICT);
                case HttpURLConnection.HTTP_NOT_FOUND -> {
                    debts.remove(uid);
                    yield UpdateControl.noUpdate();
                }
                default -> throw owed(uid, e);
            };
        } catch (RuntimeException e) {
            throw owed(uid, e);
        } catch (Error e) {
            // After an Error the framework holds the mission to be in work for ever, and never calls again.
            throw owed(uid, new IllegalStateException("the reconciliation broke off", e));
        }
    }

    private void begin(UUID uid, Mission mission) {
        long now = nanoTime.getAsLong();
        String name = mission.getMetadata().getNamespace() + "/"
                + mission.getMetadata().getName();
        debts.compute(
                uid,
                (key, debt) -> new Debt(
                        name,
                        debt == null ? now : debt.since(),
                        now,
                        Thread.currentThread(),
                        debt == null ? "" : debt.why()));
    }

    private UpdateControl<Mission> again(UUID uid, RuntimeException trouble, Duration after) {
        owed(uid, trouble);
        return UpdateControl.<Mission>noUpdate().rescheduleAfter(after);
    }

    private RuntimeException owed(UUID uid, RuntimeException trouble) {
        debts.computeIfPresent(
                uid,
                (key, debt) ->
                        new Debt(debt.mission(), debt.since(), nanoTime.getAsLong(), null, String.valueOf(trouble)));
        return trouble;
    }

    /** Whether it is being tried, or was within {@code time} and is to be tried again. */
    boolean triedWithin(UUID uid, Duration time) {
        Debt debt = debts.get(uid);
        return debt != null && (debt.by() != null || age(debt.tried()).compareTo(time) < 0);
    }

    /** Says what is to be said; to be repeated. */
    void look() {
        debts.entrySet().removeIf(each -> each.getValue().by() == null && !present.test(each.getKey()));
        boolean before = !late.isEmpty();
        late = debts.values().stream()
                .filter(debt -> age(debt.since()).compareTo(LATE) >= 0)
                .sorted(Comparator.comparing((Debt debt) -> age(debt.since())).reversed())
                .toList();
        if (!before && !late.isEmpty()) {
            Debt longest = late.getFirst();
            lateSince = longest.since();
            LOG.log(
                    Level.WARNING,
                    "{0} missions are kept waiting, {1} for {2} s by now: {3}",
                    late.size(),
                    longest.mission(),
                    age(longest.since()).toSeconds(),
                    describe(longest));
        } else if (before && late.isEmpty()) {
            LOG.log(
                    Level.INFO,
                    "no mission is kept waiting any more, after {0} s",
                    age(lateSince).toSeconds());
        }
    }

    private static String describe(Debt debt) {
        return Optional.ofNullable(debt.by())
                .map(thread -> "it is at "
                        + Arrays.stream(thread.getStackTrace())
                                .limit(FRAMES)
                                .map(StackTraceElement::toString)
                                .collect(Collectors.joining(" < ")))
                .orElse(debt.why());
    }

    /** How many were late at the last look. */
    int late() {
        return late.size();
    }

    /** How long the latest of them has been waiting; zero where none is late. */
    Duration longest() {
        List<Debt> now = late;
        return now.isEmpty() ? Duration.ZERO : age(now.getFirst().since());
    }

    private Duration age(long since) {
        return Duration.ofNanos(nanoTime.getAsLong() - since);
    }
}
