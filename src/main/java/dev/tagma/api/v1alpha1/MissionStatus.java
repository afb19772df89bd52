package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.SelectableField;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Instant;
import java.util.List;

/** What a mission did. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("What the mission did.")
@SchemaCustomizer(value = SchemaTouch.class, input = """
                failovers atomic max=10
                conditions map=type max=8
                """)
@ValidationRule(
        value = "!has(oldSelf.phase) || !(oldSelf.phase in ['Succeeded', 'Failed', 'Cancelled'])"
                + " || (has(self.phase) && self.phase == oldSelf.phase)",
        message = "a final phase never changes",
        fieldPath = ".phase")
public record MissionStatus(
        @JsonPropertyDescription("Where the mission is on its way. Succeeded, Failed and Cancelled are final.")
        @SelectableField
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        Phase phase,

        @JsonPropertyDescription("Why it is in this phase, as one word; the conditions say more.")
        @Size(max = 63)
        @Pattern("^[A-Za-z]+$")
        String reason,

        @JsonPropertyDescription("The pool that runs the mission, as it was pinned at the first start.")
        Pool pool,

        @JsonPropertyDescription("Who runs it now, or ran it last.")
        Runtime runtime,

        @JsonPropertyDescription("The last committed step as of the last transition.")
        Checkpoint checkpoint,

        @JsonPropertyDescription("What the mission has used, as of the last transition.")
        Usage usage,

        @JsonPropertyDescription("The answer of a mission that succeeded.")
        Result result,

        @JsonPropertyDescription("Why the mission failed.") Failure failure,

        @JsonPropertyDescription("The last changes of who serves the mission, oldest first; at most 10.")
        List<Failover> failovers,

        @JsonPropertyDescription("When it first started.") Instant startTime,

        @JsonPropertyDescription("When it ended.") Instant completionTime,

        @JsonPropertyDescription("Generation of the spec that this status was computed from; -1 for none yet.")
        Long observedGeneration,

        @JsonPropertyDescription("Ready, Reconciling, Stalled and Finished.")
        List<Condition> conditions) {
    /** Nothing said yet. */
    public static final MissionStatus NONE =
            new MissionStatus(null, null, null, null, null, null, null, null, null, null, null, null, null);

    /** The same in another phase. */
    public MissionStatus in(Phase other, String why) {
        return new MissionStatus(
                other,
                why,
                pool,
                runtime,
                checkpoint,
                usage,
                result,
                failure,
                failovers,
                startTime,
                completionTime,
                observedGeneration,
                conditions);
    }

    /** The same, begun. */
    public MissionStatus started(Instant at) {
        return new MissionStatus(
                phase,
                reason,
                pool,
                runtime,
                checkpoint,
                usage,
                result,
                failure,
                failovers,
                at,
                completionTime,
                observedGeneration,
                conditions);
    }

    /** The same, as computed from another generation of the spec. */
    public MissionStatus observed(Long generation, List<Condition> judged) {
        return new MissionStatus(
                phase,
                reason,
                pool,
                runtime,
                checkpoint,
                usage,
                result,
                failure,
                failovers,
                startTime,
                completionTime,
                generation,
                judged);
    }

    /** Where a mission is on its way. */
    public enum Phase {
        Pending,
        Queued,
        Running,
        Waiting,
        Succeeded,
        Failed,
        Cancelled
    }

    /** The pinned pool. */
    public record Pool(
            @JsonPropertyDescription("Namespace of the pool.") @Size(max = Formats.LABEL_MAX)
            String namespace,

            @JsonPropertyDescription("Name of the pool.") @Size(max = Formats.OBJECT_NAME_MAX)
            String name,

            @JsonPropertyDescription("UID of the pool.") @Size(max = 36)
            String uid,

            @JsonPropertyDescription("Revision of its agents, tools and models.") @Min(1)
            Integer revision) {}

    /** Who runs a mission. */
    public record Runtime(
            @JsonPropertyDescription("Name of the runtime's pod.") @Size(max = Formats.OBJECT_NAME_MAX)
            String pod,

            @JsonPropertyDescription("Rises with each hand-over.") @Min(0)
            Long epoch) {}

    /** The head of the step chain. */
    public record Checkpoint(
            @JsonPropertyDescription("Number of the step.") @Min(0)
            Long sequence,

            @JsonPropertyDescription("When it was committed.")
            Instant time,

            @JsonPropertyDescription("SHA-256 over the whole chain, in hex; tagma verify checks it.")
            @Size(max = 64)
            @Pattern("^[0-9a-f]{64}$")
            String digest) {}

    /** What a mission has used. */
    public record Usage(
            @JsonPropertyDescription("Model replies that went into the loop.") @Min(0)
            Long iterations,

            @JsonPropertyDescription("Calls to models, charged failures included.") @Min(0)
            Long modelCalls,

            @JsonPropertyDescription("Calls of tools.") @Min(0)
            Long toolCalls,

            @JsonPropertyDescription("Tokens sent to and received from models.")
            Tokens tokens,

            @JsonPropertyDescription("Money in the installation's currency.")
            @Size(max = 32)
            @Pattern("^[0-9]+(\\.[0-9]+)?$")
            String cost) {
        /** Tokens by direction. */
        public record Tokens(
                @JsonPropertyDescription("Tokens sent to models.") @Min(0)
                Long input,

                @JsonPropertyDescription("Tokens received from models.") @Min(0)
                Long output) {}
    }

    /** The answer. */
    public record Result(
            @JsonPropertyDescription("The final answer's text, cut to 4 KiB.") @Size(max = 4096)
            String summary,

            @JsonPropertyDescription("The JSON that outputSchema asked for, where it has at most 4 KiB.")
            JsonNode output,

            @JsonPropertyDescription("Whether output or summary is longer than what is here.")
            Boolean truncated,

            @JsonPropertyDescription("Where the whole answer is, as a path of the gateway.") @Size(max = 1024)
            String ref,

            @JsonPropertyDescription("SHA-256 of the whole answer, in hex.") @Size(max = 64) @Pattern("^[0-9a-f]{64}$")
            String digest) {}

    /** Why a mission failed. */
    public record Failure(
            @JsonPropertyDescription("One word of a closed list, such as DeadlineExceeded.")
            @Size(max = 63)
            @Pattern("^[A-Za-z]+$")
            String reason,

            @JsonPropertyDescription("What happened, for people.") @Size(max = 4096)
            String message,

            @JsonPropertyDescription("How often the mission was tried.") @Min(0)
            Integer attempts) {}

    /** A change of who serves a mission. */
    public record Failover(
            @JsonPropertyDescription("When it happened.") Instant time,

            @JsonPropertyDescription("What was replaced.")
            @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            Type type,

            @JsonPropertyDescription("Who served before.") @Size(max = 253)
            String from,

            @JsonPropertyDescription("Who served after.") @Size(max = 253)
            String to,

            @JsonPropertyDescription("Why, for people.") @Size(max = 1024)
            String reason) {
        /** What was replaced. */
        public enum Type {
            Model,
            Runtime,
            Pool
        }
    }
}
