package dev.tagma.gateway.rest.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.mission.StepKind;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a stream of events tells; the names of the events are those of {@link Type}. */
@Schema(
        description = "What the data of an event holds: the event's name says which.",
        oneOf = {
            MissionEvent.Transition.class,
            MissionEvent.StepCommitted.class,
            MissionEvent.Reply.class,
            MissionEvent.Deleted.class,
            MissionEvent.End.class
        })
public sealed interface MissionEvent {
    /** The names of events. */
    enum Type {
        /** A mission changed. */
        transition,
        /** A step was committed. */
        step,
        /** A model is writing what will become a step. */
        reply,
        /** The mission is gone; the last of its stream. */
        deleted,
        /** The stream ends before the mission does, for the reason it gives: come back with the last id. */
        end
    }

    /** A mission as it is now; whoever was away sees the last of several changes, not each. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Transition(String namespace, String name, String uid, JsonNode status) implements MissionEvent {}

    /** A step, without what was said. */
    record StepCommitted(long seq, StepKind kind, Instant time) implements MissionEvent {}

    /** More of what a model writes before it is a step, heard at the replica that asks the model; its fields say how it is read. */
    @Schema(description = "More of what a model writes before it is a step: a foretaste, replaced by the step.")
    record Reply(
            @Schema(
                    description =
                            "Of the step that it is to become; the step of that sequence, or a later one, takes its place.")
            long seq,

            @Schema(
                    description =
                            "How much of the text goes before, in UTF-16 units as JavaScript counts them. What was told from"
                                    + " there on is replaced: 0 begins anew, because the model failed half-way and it or another one is asked.")
            int from,

            @Schema(
                    description =
                            "The text from there on, 32768 units in all at the most; empty where all is withdrawn for now.")
            String text)
            implements MissionEvent {}

    /** A mission that is gone. */
    record Deleted(String namespace, String name, String uid) implements MissionEvent {}

    /** Why a stream ends. */
    record End(Cause cause, String detail) implements MissionEvent {}

    /** Why a stream ends before its mission. */
    enum Cause {
        /** The caller's token is no longer good, or no longer lets it watch. */
        Denied,
        /** The gateway stops, or cannot tell whether the caller may go on. */
        Unavailable
    }
}
