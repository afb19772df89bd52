package dev.tagma.mission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Agent;
import dev.tagma.api.v1alpha1.Durations;
import dev.tagma.api.v1alpha1.MissionLimits;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.api.v1alpha1.MissionSpec.Budget;
import dev.tagma.api.v1alpha1.Money;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Decides whether a mission may enter a pool, and with which effective spec: the pool's defaults merged, its limits kept. */
public final class Admission {
    /** The mission timeout where neither the mission nor its pool says one. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);

    /** Model replies of a mission that does not say. */
    public static final int DEFAULT_ITERATIONS = 10;

    /** Most bytes of a mission's inputs, as JSON. */
    public static final int MAX_INPUTS = 64 * 1024;

    private Admission() {}

    /** The verdict over one mission. Never throws: what is wrong with the mission is in the verdict. */
    public static Verdict decide(Candidate candidate) {
        MissionSpec spec = candidate.spec();
        if (candidate.pool() == null) {
            return new Verdict.Pending(Reason.PoolNotFound, "no AgentPool " + poolName(candidate));
        }
        Pool pool = candidate.pool();
        if (!pool.permitted()) {
            return new Verdict.Pending(
                    Reason.PoolNotPermitted,
                    "AgentPool " + pool.namespace() + "/" + pool.name() + " does not allow missions of namespace "
                            + candidate.namespace() + ": see its spec.allowedNamespaces");
        }
        String agent = agent(spec, pool.spec());
        if (agent == null) {
            return new Verdict.Pending(Reason.AgentNotFound, noAgent(spec, pool));
        }
        if (spec.inputsFrom() != null && candidate.inputs() == null) {
            return new Verdict.Pending(
                    Reason.InputsNotFound,
                    "no ConfigMap key "
                            + PoolRevision.contentKey(spec.inputsFrom().configMapKeyRef()) + " in namespace "
                            + candidate.namespace());
        }
        return admit(candidate, agent);
    }

    private static Verdict admit(Candidate candidate, String agent) {
        MissionSpec spec = candidate.spec();
        JsonNode inputs = candidate.inputs() == null ? spec.inputs() : candidate.inputs();
        if (inputs != null && bytes(inputs) > MAX_INPUTS) {
            return new Verdict.Refused(
                    Reason.InputsTooLarge,
                    "spec.inputs has " + bytes(inputs) + " bytes, the most is " + MAX_INPUTS
                            + ": keep large data where a tool can read it");
        }
        if (inputs != null && !inputs.isObject()) {
            return new Verdict.Refused(
                    Reason.InvalidSpec,
                    (spec.inputsFrom() == null ? "spec.inputs" : "spec.inputsFrom") + " must lead to an object, not to "
                            + inputs.getNodeType().name().toLowerCase(Locale.ROOT)
                            + ": give the data a name, as in {data: ...}");
        }
        AgentPoolSpec pool = candidate.pool().spec();
        String defaultTimeout =
                pool.missionDefaults() == null ? null : pool.missionDefaults().timeout();
        String timeout = spec.timeout() != null ? spec.timeout() : defaultTimeout;
        MissionLimits limits = pool.missionLimits();
        Duration effective = Durations.parseOr(timeout, DEFAULT_TIMEOUT);
        String excess = limits == null ? null : excess(spec, effective, limits);
        if (excess != null) {
            return new Verdict.Refused(Reason.LimitsExceeded, excess);
        }
        MissionSpec merged = new MissionSpec(
                spec.poolRef(),
                agent,
                spec.goal(),
                inputs,
                null,
                spec.outputSchema(),
                spec.maxIterations() == null ? Integer.valueOf(DEFAULT_ITERATIONS) : spec.maxIterations(),
                timeout == null ? DEFAULT_TIMEOUT.toMinutes() + "m" : timeout,
                spec.startDeadline(),
                spec.priority() == null ? Integer.valueOf(0) : spec.priority(),
                spec.retry(),
                budget(spec.budget(), limits),
                spec.suspend(),
                spec.cancel(),
                spec.retention());
        return new Verdict.Admitted(new NewMission(
                candidate.uid(),
                candidate.namespace(),
                candidate.name(),
                candidate.pool().uid(),
                merged));
    }

    private static String poolName(Candidate candidate) {
        MissionSpec.PoolRef ref = candidate.spec().poolRef();
        String namespace = ref == null || ref.namespace() == null ? candidate.namespace() : ref.namespace();
        return namespace + "/" + (ref == null || ref.name() == null ? "default" : ref.name());
    }

    private static String agent(MissionSpec spec, AgentPoolSpec pool) {
        List<String> names = pool.agents().stream().map(Agent::name).toList();
        if (spec.agent() != null) {
            return names.contains(spec.agent()) ? spec.agent() : null;
        }
        return names.size() == 1 ? names.getFirst() : null;
    }

    private static String noAgent(MissionSpec spec, Pool pool) {
        String names =
                String.join(", ", pool.spec().agents().stream().map(Agent::name).toList());
        return spec.agent() == null
                ? "spec.agent is required: AgentPool " + pool.name() + " has several agents: " + names
                : "AgentPool " + pool.name() + " has no agent " + spec.agent() + ", it has: " + names;
    }

    private static String excess(MissionSpec spec, Duration timeout, MissionLimits limits) {
        if (limits.timeout() != null && timeout.compareTo(Durations.parse(limits.timeout())) > 0) {
            return over("spec.timeout", spec.timeout(), limits.timeout(), "timeout");
        }
        if (limits.priority() != null && spec.priority() != null && spec.priority() > limits.priority()) {
            return over("spec.priority", spec.priority(), limits.priority(), "priority");
        }
        Budget budget = spec.budget();
        if (budget != null && budget.tokens() != null && limits.tokens() != null && budget.tokens() > limits.tokens()) {
            return over("spec.budget.tokens", budget.tokens(), limits.tokens(), "tokens");
        }
        if (budget != null
                && budget.cost() != null
                && limits.cost() != null
                && Money.parseNanos(budget.cost()) > Money.parseNanos(limits.cost())) {
            return over("spec.budget.cost", budget.cost(), limits.cost(), "cost");
        }
        return null;
    }

    private static String over(String field, Object value, Object limit, String limitField) {
        return field + " is " + value + ", the pool's spec.missionLimits." + limitField + " is " + limit;
    }

    /** The pool's limits are the budget of a mission that sets none. */
    private static Budget budget(Budget own, MissionLimits limits) {
        if (limits == null || limits.tokens() == null && limits.cost() == null) {
            return own;
        }
        return own == null
                ? new Budget(limits.tokens(), limits.cost(), Budget.OnExceeded.WrapUp)
                : new Budget(
                        own.tokens() == null ? limits.tokens() : own.tokens(),
                        own.cost() == null ? limits.cost() : own.cost(),
                        own.onExceeded());
    }

    private static int bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * A mission at the door.
     *
     * @param pool what its poolRef names, or null where there is none
     * @param inputs what its inputsFrom names, or null where it names nothing or leads nowhere
     */
    public record Candidate(UUID uid, String namespace, String name, MissionSpec spec, Pool pool, JsonNode inputs) {}

    /**
     * A pool at the door.
     *
     * @param permitted whether its allowedNamespaces let the mission's namespace in
     */
    public record Pool(UUID uid, String namespace, String name, AgentPoolSpec spec, boolean permitted) {}

    /** What becomes of a mission at the door. */
    public sealed interface Verdict {
        /** It may enter, with its effective spec. */
        record Admitted(NewMission mission) implements Verdict {}

        /** Not yet: what is missing may still appear. */
        record Pending(Reason reason, String message) implements Verdict {}

        /** Never: Failed for this reason. */
        record Refused(Reason reason, String message) implements Verdict {}
    }
}
