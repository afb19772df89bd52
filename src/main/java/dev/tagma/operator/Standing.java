package dev.tagma.operator;

import dev.tagma.api.v1alpha1.Condition;
import dev.tagma.api.v1alpha1.Condition.Status;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How an object stands, as kstatus reads it from the three conditions. */
public enum Standing {
    /** What is wanted is so. */
    Ready,
    /** Not yet; nobody needs to act. */
    Reconciling,
    /** Not, and it will not be before somebody acts. */
    Stalled;

    private static final int MAX_MESSAGE = 4096;

    /**
     * The conditions Ready, Reconciling and Stalled that say so.
     *
     * @param previous conditions as they stand, or null: times are carried where a status is unchanged
     * @param generation of the spec that this was computed from
     */
    public List<Condition> conditions(Why why, List<Condition> previous, Long generation, Instant now) {
        Change change = new Change(why, previous == null ? List.of() : previous, generation, now);
        return List.of(
                change.condition("Ready", this == Ready),
                change.condition("Reconciling", this == Reconciling),
                change.condition("Stalled", this == Stalled));
    }

    /** Why an object stands as it does: a word of a closed list, and a sentence for people. */
    public record Why(String reason, String message) {
        public Why {
            message = message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE - 3) + "...";
        }
    }

    private record Change(Why why, List<Condition> previous, Long generation, Instant now) {
        Condition condition(String type, boolean holds) {
            Status status = holds ? Status.True : Status.False;
            Instant since = before(type)
                    .filter(each -> each.status() == status)
                    .map(Condition::lastTransitionTime)
                    .orElse(now);
            return new Condition(type, status, generation, since, why.reason(), why.message());
        }

        private Optional<Condition> before(String type) {
            return previous.stream().filter(each -> type.equals(each.type())).findFirst();
        }
    }

    /** The reason of the Ready condition, if there is one. */
    public static Optional<String> reason(List<Condition> conditions) {
        return conditions == null
                ? Optional.empty()
                : conditions.stream()
                        .filter(each -> "Ready".equals(each.type()))
                        .map(Condition::reason)
                        .findFirst();
    }
}
