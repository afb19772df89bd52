package dev.tagma.mission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.api.v1alpha1.Condition;
import dev.tagma.api.v1alpha1.Condition.Status;
import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.api.v1alpha1.MissionStatus.Checkpoint;
import dev.tagma.api.v1alpha1.MissionStatus.Failure;
import dev.tagma.api.v1alpha1.MissionStatus.Pool;
import dev.tagma.api.v1alpha1.MissionStatus.Result;
import dev.tagma.api.v1alpha1.MissionStatus.Runtime;
import dev.tagma.mission.step.Failover;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Computes a Mission's status: from its row, or from what keeps it from having one. Nobody else writes a status. */
public final class Projection {
    /** Most bytes of an answer that a status holds. */
    public static final int MAX_ANSWER = 4096;

    private static final int MAX_MESSAGE = 4096;
    private static final int MAX_FAILOVER_REASON = 1024;
    private static final int MAX_FAILOVER_NAME = 253;

    private Projection() {}

    /**
     * What the new status goes on from.
     *
     * @param previous the status as it stands, or null: its conditions' times are carried where nothing changed
     * @param generation of the spec that the new status is computed from; null where no API server counts
     */
    public record Seen(MissionStatus previous, Long generation) {
        /** Nothing: of a mission without an API server. */
        public static final Seen NOTHING = new Seen(null, null);
    }

    /** The status of a mission that was admitted. The same row gives the same status, whenever it is asked for. */
    public static MissionStatus of(MissionRecord row, Seen seen) {
        return of(row, seen, MAX_ANSWER);
    }

    /** The same with the whole answer, however long: for whoever asks for the one mission and not for its object. */
    public static MissionStatus withWholeAnswer(MissionRecord row, Seen seen) {
        return of(row, seen, Integer.MAX_VALUE);
    }

    private static MissionStatus of(MissionRecord row, Seen seen, int maxAnswer) {
        boolean started = row.startedAt() != null;
        return new MissionStatus(
                phase(row.reason()),
                row.reason().name(),
                pool(row),
                started ? new Runtime(row.pod(), row.epoch()) : null,
                checkpoint(row),
                started ? usage(row.spent()) : null,
                result(row, maxAnswer),
                failure(row),
                row.failovers().isEmpty()
                        ? null
                        : row.failovers().stream().map(Projection::failover).toList(),
                row.startedAt(),
                row.finishedAt(),
                seen.generation(),
                new Conditions(row.reason(), message(row), seen, row.admittedAt(), row.finishedAt()).all());
    }

    /** The status of a mission that waits for something to appear. */
    public static MissionStatus pending(Reason reason, String message, Seen seen, Instant now) {
        require(reason, Phase.Pending);
        return MissionStatus.NONE
                .in(phase(reason), reason.name())
                .observed(seen.generation(), new Conditions(reason, cut(message, MAX_MESSAGE), seen, now, null).all());
    }

    /** The status of a mission that ends without a row: refused, cancelled before it began, or lost. What was known of its run stays. */
    public static MissionStatus ended(Reason reason, String message, Seen seen, Instant now) {
        require(reason, Phase.Failed, Phase.Cancelled);
        MissionStatus before = seen.previous() == null ? MissionStatus.NONE : seen.previous();
        String said = cut(message, MAX_MESSAGE);
        return new MissionStatus(
                phase(reason),
                reason.name(),
                before.pool(),
                before.runtime(),
                before.checkpoint(),
                before.usage(),
                null,
                new Failure(reason.name(), said, before.startTime() == null ? 0 : 1),
                before.failovers(),
                before.startTime(),
                now,
                seen.generation(),
                new Conditions(reason, said, seen, now, now).all());
    }

    /** The same final status as of another generation of the spec: an ended mission takes note of an edit and does nothing about it. */
    public static MissionStatus acknowledged(MissionStatus ended, Long generation) {
        return ended.observed(
                generation,
                ended.conditions() == null
                        ? null
                        : ended.conditions().stream()
                                .map(each -> new Condition(
                                        each.type(),
                                        each.status(),
                                        generation,
                                        each.lastTransitionTime(),
                                        each.reason(),
                                        each.message()))
                                .toList());
    }

    private static void require(Reason reason, Phase... phases) {
        if (!List.of(phases).contains(reason.phase())) {
            throw new IllegalArgumentException(reason + " is no reason of " + List.of(phases));
        }
    }

    /** Whether this status says that the mission began to run, so that without a row its run is lost. */
    public static boolean showsStart(MissionStatus status) {
        return status != null
                && (status.startTime() != null
                        || status.checkpoint() != null
                        || status.phase() == MissionStatus.Phase.Running);
    }

    /** Whether this status is final. */
    public static boolean isFinal(MissionStatus status) {
        return status != null
                && status.phase() != null
                && Phase.valueOf(status.phase().name()).terminal();
    }

    /** Whether writing {@code next} over {@code present} would change nothing. */
    public static boolean same(MissionStatus present, MissionStatus next) {
        return present != null && comparable(present).equals(comparable(next));
    }

    /** The answer counts by its digest: its JSON comes back from the API server as an equal number of another type. */
    private static MissionStatus comparable(MissionStatus status) {
        Result result = status.result();
        boolean unseen = status.observedGeneration() != null && status.observedGeneration() < 0;
        return new MissionStatus(
                status.phase(),
                status.reason(),
                status.pool(),
                status.runtime(),
                status.checkpoint(),
                status.usage(),
                result == null ? null : new Result(null, null, result.truncated(), result.ref(), result.digest()),
                status.failure(),
                status.failovers() == null || status.failovers().isEmpty() ? null : status.failovers(),
                status.startTime(),
                status.completionTime(),
                unseen ? null : status.observedGeneration(),
                status.conditions());
    }

    private static MissionStatus.Phase phase(Reason reason) {
        return switch (reason.phase()) {
            case Pending -> MissionStatus.Phase.Pending;
            case Queued -> MissionStatus.Phase.Queued;
            case Running -> MissionStatus.Phase.Running;
            case Waiting -> MissionStatus.Phase.Waiting;
            case Succeeded -> MissionStatus.Phase.Succeeded;
            case Failed -> MissionStatus.Phase.Failed;
            case Cancelled -> MissionStatus.Phase.Cancelled;
        };
    }

    private static Pool pool(MissionRecord row) {
        return new Pool(
                row.poolNamespace(),
                row.poolName(),
                row.pool().toString(),
                row.revision() == 0 ? null : Integer.valueOf(row.revision()));
    }

    private static Checkpoint checkpoint(MissionRecord row) {
        Head head = row.head();
        return head.seq() == 0
                ? null
                : new Checkpoint(head.seq(), row.headAt(), head.digest().hex());
    }

    /** Usage in the shape of a status. */
    public static MissionStatus.Usage usage(Usage usage) {
        return new MissionStatus.Usage(
                usage.iterations(),
                usage.modelCalls(),
                usage.toolCalls(),
                new MissionStatus.Usage.Tokens(usage.inputTokens(), usage.outputTokens()),
                usage.cost());
    }

    private static Result result(MissionRecord row, int maxAnswer) {
        Outcome outcome = row.outcome();
        if (outcome == null || outcome.summary() == null && outcome.output() == null) {
            return null;
        }
        String summary = outcome.summary() == null ? "" : outcome.summary();
        JsonNode output = outcome.output();
        byte[] json = output == null ? new byte[0] : bytes(output.toString());
        boolean whole = json.length <= maxAnswer && bytes(summary).length <= maxAnswer;
        return new Result(
                cutBytes(summary, maxAnswer),
                json.length <= maxAnswer ? output : null,
                whole ? null : Boolean.TRUE,
                whole
                        ? null
                        : "/api/v1alpha1/namespaces/" + row.namespace() + "/missions/" + row.name() + "/transcript",
                Digest.sha256(output == null ? bytes(summary) : json).hex());
    }

    private static Failure failure(MissionRecord row) {
        boolean failed = row.phase() == Phase.Failed || row.phase() == Phase.Cancelled;
        return failed ? new Failure(row.reason().name(), message(row), row.attempts() + 1) : null;
    }

    private static MissionStatus.Failover failover(Failover failover) {
        return new MissionStatus.Failover(
                failover.time(),
                switch (failover.type()) {
                    case Model -> MissionStatus.Failover.Type.Model;
                    case Runtime -> MissionStatus.Failover.Type.Runtime;
                    case Pool -> MissionStatus.Failover.Type.Pool;
                },
                cut(failover.from(), MAX_FAILOVER_NAME),
                cut(failover.to(), MAX_FAILOVER_NAME),
                cut(failover.reason(), MAX_FAILOVER_REASON));
    }

    private static String message(MissionRecord row) {
        String said = row.outcome() == null || row.outcome().message().isEmpty()
                ? row.message()
                : row.outcome().message();
        return cut(said == null ? "" : said, MAX_MESSAGE);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** At most as many code points: what the schema counts. */
    private static String cut(String text, int codePoints) {
        return text == null || text.codePointCount(0, text.length()) <= codePoints
                ? text
                : text.substring(0, text.offsetByCodePoints(0, codePoints - 1)) + "…";
    }

    /** At most as many bytes of whole characters. */
    private static String cutBytes(String text, int bytes) {
        int size = 0;
        int at = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            size += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (size > bytes) {
                return text.substring(0, at);
            }
            at += Character.charCount(point);
        }
        return text;
    }

    /**
     * The conditions as kstatus reads them: what is not final is Reconciling, even where it waits for a pool or a person; what ended
     * without success is Stalled, because nothing but another Mission mends it.
     *
     * @param since when a condition got its status that never had another
     * @param ended or null
     */
    private record Conditions(Reason reason, String message, Seen seen, Instant since, Instant ended) {
        List<Condition> all() {
            boolean done = reason.phase().terminal();
            boolean succeeded = reason.phase() == Phase.Succeeded;
            return List.of(
                    condition("Ready", succeeded, false),
                    condition("Reconciling", !done, true),
                    condition("Stalled", done && !succeeded, false),
                    condition("Finished", done, false));
        }

        private Condition condition(String type, boolean holds, boolean heldAtFirst) {
            Status status = holds ? Status.True : Status.False;
            Instant computed = holds == heldAtFirst ? since : ended;
            return new Condition(
                    type, status, seen.generation(), carried(type, status, computed), reason.name(), message());
        }

        private Instant carried(String type, Status status, Instant computed) {
            List<Condition> before =
                    seen.previous() == null ? null : seen.previous().conditions();
            return before == null
                    ? computed
                    : before.stream()
                            .filter(each -> each.type().equals(type) && each.status() == status)
                            .map(Condition::lastTransitionTime)
                            .findFirst()
                            .orElse(computed);
        }

        @Override
        public String message() {
            return message.isEmpty() ? said() : message;
        }

        private String said() {
            return switch (reason.phase()) {
                case Pending -> "has not entered its pool yet";
                case Queued -> "waits for a runtime";
                case Running -> "runs";
                case Waiting -> "waits";
                case Succeeded -> "reached its goal";
                case Failed -> "failed";
                case Cancelled -> "was cancelled";
            };
        }
    }
}
