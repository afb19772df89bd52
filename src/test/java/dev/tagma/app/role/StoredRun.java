package dev.tagma.app.role;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Usage;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.step.StepContent;
import dev.tagma.store.PostgresStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/** A mission's run in a store, step by step as the test wants it. Used by one thread at a time. */
final class StoredRun {
    private final PostgresStore store;
    private final UUID uid;
    private final UUID pool = UUID.randomUUID();
    private Claim claim;
    private Head head;

    private StoredRun(PostgresStore store, UUID uid) {
        this.store = store;
        this.uid = uid;
        this.head = Head.genesis(uid);
    }

    /** Admits the mission of this object, as REST showed it; it is Queued. */
    static StoredRun admit(PostgresStore store, JsonNode mission) {
        JsonNode metadata = mission.path("metadata");
        UUID uid = UUID.fromString(metadata.path("uid").asText());
        StoredRun run = new StoredRun(store, uid);
        store.pools()
                .publish(
                        run.pool,
                        metadata.path("namespace").asText(),
                        "pool",
                        new AgentPoolSpec(null, List.of(), List.of(), List.of(), null, null, null, null, null),
                        Map.of());
        store.missions()
                .admit(List.of(new NewMission(
                        uid,
                        metadata.path("namespace").asText(),
                        metadata.path("name").asText(),
                        run.pool,
                        new MissionSpec(
                                null, "a", "go", null, null, null, 10, "60m", null, 0, null, null, false, false,
                                null))));
        return run;
    }

    /** It is Running. */
    StoredRun bind() {
        long instance = store.instances().register(new Hello(pool, "pod", 1, "test"), Duration.ofHours(1));
        claim = store.bindings().bind(instance, 1).stream()
                .map(Binding::claim)
                .findFirst()
                .orElseGet(() -> store.missions().find(uid).orElseThrow().claim());
        return this;
    }

    /** Commits a reply of the model. */
    StoredRun say(String text) {
        return commit(null, reply(text));
    }

    /** Commits so many replies at once. */
    StoredRun sayAll(int count, String text) {
        return commit(null, IntStream.range(0, count).mapToObj(i -> reply(text)).toArray(NewStep[]::new));
    }

    /** Commits the last reply, with which it is Succeeded. */
    StoredRun answer(String text) {
        return commit(Outcome.succeeded(text, null), reply(text));
    }

    private static NewStep reply(String text) {
        return NewStep.of(
                new StepContent.ModelReply(
                        text, List.of(), "primary", 100, 10, 1_000, StepContent.ModelReply.Stop.Answer, List.of()),
                new Usage(1, 1, 0, 100, 10, 1_000));
    }

    private StoredRun commit(Outcome outcome, NewStep... steps) {
        CommitResult result = store.steps().commit(new Append(claim, head, List.of(steps), outcome));
        if (!(result instanceof CommitResult.Committed committed)) {
            throw new AssertionError("not committed: " + result);
        }
        head = committed.head();
        return this;
    }

    Head head() {
        return head;
    }

    UUID uid() {
        return uid;
    }

    MissionRecord row() {
        return store.missions().find(uid).orElseThrow();
    }
}
