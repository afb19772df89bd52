package dev.tagma.app.remote;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.mission.Digest;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Usage;
import dev.tagma.mission.step.Failover;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Reads missions as a cluster shows them. What a status does not tell is nothing: an ID of 0, no charges. */
final class MissionJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final UUID NO_POOL = new UUID(0, 0);

    private MissionJson() {}

    /** Whose status it is. */
    record Name(String namespace, String name, UUID uid) {
        static Name of(JsonNode metadata) {
            return new Name(
                    metadata.path("namespace").asText(),
                    metadata.path("name").asText(),
                    UUID.fromString(metadata.path("uid").asText()));
        }
    }

    /** A mission's object. */
    static MissionRecord ofObject(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        Instant created = Optional.ofNullable(metadata.path("creationTimestamp").textValue())
                .map(Instant::parse)
                .orElse(Instant.EPOCH);
        return of(Name.of(metadata), object.path("status"), created);
    }

    /** A status alone, as events tell it. */
    static MissionRecord of(Name name, JsonNode json, Instant created) {
        MissionStatus status = JSON.convertValue(json.isObject() ? json : JSON.createObjectNode(), MissionStatus.class);
        Reason reason = reason(status);
        return new MissionRecord(
                0,
                name.uid(),
                name.namespace(),
                name.name(),
                status.pool() == null || status.pool().uid() == null
                        ? NO_POOL
                        : UUID.fromString(status.pool().uid()),
                status.pool() == null || status.pool().revision() == null
                        ? 0
                        : status.pool().revision(),
                0,
                reason,
                reason == Reason.Queued ? "" : message(status),
                status.runtime() == null || status.runtime().epoch() == null
                        ? 0
                        : status.runtime().epoch(),
                0,
                head(name, status.checkpoint()),
                usage(status.usage()),
                Usage.NONE,
                status.failure() == null || status.failure().attempts() == null
                        ? 0
                        : Math.max(0, status.failure().attempts() - 1),
                0,
                Duration.ZERO,
                reason.phase().terminal() ? outcome(reason, status) : null,
                failovers(status),
                created,
                status.startTime(),
                status.completionTime(),
                status.runtime() == null ? null : status.runtime().pod(),
                status.checkpoint() == null ? null : status.checkpoint().time(),
                status.pool() == null ? null : status.pool().namespace(),
                status.pool() == null ? null : status.pool().name(),
                0);
    }

    /** The same with its number. */
    static MissionRecord numbered(MissionRecord row, long version) {
        return with(row, row.reason(), row.outcome(), row.head(), row.usage(), version);
    }

    /** The same, ended. */
    static MissionRecord ended(MissionRecord row, Outcome outcome) {
        return with(row, outcome.reason(), outcome, row.head(), row.usage(), row.version());
    }

    /** The same with another end of its chain. */
    static MissionRecord noted(MissionRecord row, Head head, Usage usage) {
        return with(row, row.reason(), row.outcome(), head, usage, row.version());
    }

    private static MissionRecord with(
            MissionRecord row, Reason reason, Outcome outcome, Head head, Usage usage, long version) {
        return new MissionRecord(
                row.id(),
                row.uid(),
                row.namespace(),
                row.name(),
                row.pool(),
                row.revision(),
                row.priority(),
                reason,
                row.message(),
                row.epoch(),
                row.instance(),
                head,
                usage,
                row.charged(),
                row.attempts(),
                row.crashes(),
                row.active(),
                outcome,
                row.failovers(),
                row.admittedAt(),
                row.startedAt(),
                row.finishedAt(),
                row.pod(),
                row.headAt(),
                row.poolNamespace(),
                row.poolName(),
                version);
    }

    /** A reason that a newer cluster knows is taken for one of the same phase. */
    private static Reason reason(MissionStatus status) {
        Phase phase = status.phase() == null
                ? Phase.Pending
                : Phase.valueOf(status.phase().name());
        return Stream.of(Reason.values())
                .filter(reason -> reason.name().equals(status.reason()) && reason.phase() == phase)
                .findFirst()
                .orElseGet(() -> switch (phase) {
                    case Pending -> Reason.Admitting;
                    case Queued -> Reason.Queued;
                    case Running -> Reason.Running;
                    case Waiting -> Reason.ProviderUnavailable;
                    case Succeeded -> Reason.Succeeded;
                    case Failed -> Reason.InternalError;
                    case Cancelled -> Reason.CancelRequested;
                });
    }

    private static String message(MissionStatus status) {
        return status.conditions() == null
                ? ""
                : status.conditions().stream()
                        .filter(condition -> "Ready".equals(condition.type()))
                        .map(condition -> condition.message() == null ? "" : condition.message())
                        .findFirst()
                        .orElse("");
    }

    private static Outcome outcome(Reason reason, MissionStatus status) {
        String message = status.failure() == null || status.failure().message() == null
                ? ""
                : status.failure().message();
        return status.result() == null
                ? new Outcome(reason, message, null, null)
                : new Outcome(
                        reason,
                        message,
                        status.result().summary(),
                        status.result().output());
    }

    private static Head head(Name name, MissionStatus.Checkpoint checkpoint) {
        return checkpoint == null || checkpoint.sequence() == null || checkpoint.digest() == null
                ? Head.genesis(name.uid())
                : new Head(checkpoint.sequence(), Digest.ofHex(checkpoint.digest()));
    }

    static Usage usage(MissionStatus.Usage usage) {
        if (usage == null) {
            return Usage.NONE;
        }
        MissionStatus.Usage.Tokens tokens = usage.tokens();
        return new Usage(
                count(usage.iterations()),
                count(usage.modelCalls()),
                count(usage.toolCalls()),
                tokens == null ? 0 : count(tokens.input()),
                tokens == null ? 0 : count(tokens.output()),
                usage.cost() == null
                        ? 0
                        : new BigDecimal(usage.cost()).movePointRight(9).longValue());
    }

    /** Usage in the shape of a status. */
    static Usage usage(JsonNode usage) {
        return usage.isObject() ? usage(JSON.convertValue(usage, MissionStatus.Usage.class)) : Usage.NONE;
    }

    private static long count(Long number) {
        return number == null ? 0 : number;
    }

    private static List<Failover> failovers(MissionStatus status) {
        return status.failovers() == null
                ? List.of()
                : status.failovers().stream()
                        .filter(each -> each.type() != null)
                        .map(each -> new Failover(
                                each.time(),
                                Failover.Type.valueOf(each.type().name()),
                                each.from(),
                                each.to(),
                                each.reason()))
                        .toList();
    }
}
