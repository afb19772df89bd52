package dev.tagma.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Agent;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.step.JsonBuffers;
import dev.tagma.mission.step.StepContent.Plan;
import java.util.List;

/** The words that open every conversation: the system prompt, and the goal with its inputs. */
final class Prompt {
    private static final String TOOL_RULES = """
            Rules of tool use:
            - Use tools for facts and calculations; never guess what a tool can tell.
            - Calls that do not depend on each other belong into one reply: they run in parallel.
            - A failed call says why: correct it or find another way, but do not repeat it unchanged.
            - Once the goal is reached, give the final answer without a tool call.""";

    private static final JsonMapper JSON = new JsonMapper(JsonBuffers.factory());

    private Prompt() {}

    /** The part of the system prompt that all missions of an agent share. */
    static String standing(PoolRevision pool, Agent agent, boolean hasTools) {
        String instructions = agent.instructionsFrom() == null
                ? agent.instructions()
                : pool.content(agent.instructionsFrom().configMapKeyRef());
        String text = instructions == null ? "" : instructions.strip();
        if (!hasTools) {
            return text;
        }
        return text.isEmpty() ? TOOL_RULES : text + "\n\n" + TOOL_RULES;
    }

    /** The system prompt: what all missions share, the plan where there is one, the output schema where there is one. */
    static String system(String standing, Plan plan, MissionSpec spec) {
        boolean hasSchema = spec.outputSchema() != null && !spec.outputSchema().isNull();
        if (plan == null && !hasSchema) {
            return standing;
        }
        StringBuilder text = new StringBuilder(standing);
        if (plan != null) {
            section(text, "Current plan:");
            plan.items()
                    .forEach(item ->
                            text.append("\n- [").append(mark(item)).append("] ").append(item.text()));
        }
        if (hasSchema) {
            section(text, "The final answer must be JSON, and nothing else, that satisfies this JSON Schema:\n");
            text.append(json(spec.outputSchema()));
        }
        return text.toString();
    }

    /** The first user message: the goal, and the inputs where there are any. */
    static String goal(MissionSpec spec) {
        boolean hasInputs = spec.inputs() != null
                && !spec.inputs().isNull()
                && !spec.inputs().isEmpty();
        return hasInputs ? spec.goal() + "\n\nInputs:\n" + json(spec.inputs()) : spec.goal();
    }

    /** The agent of that name; null is the pool's only one. Throws IllegalArgumentException where there is none. */
    static Agent agent(PoolRevision pool, String name) {
        List<Agent> agents =
                pool.spec().agents() == null ? List.of() : pool.spec().agents();
        if (name == null && agents.size() == 1) {
            return agents.getFirst();
        }
        return agents.stream()
                .filter(agent -> agent.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("spec.agent: pool " + pool.namespace() + "/" + pool.name()
                                + " has no agent " + name + ", but "
                                + agents.stream().map(Agent::name).toList()));
    }

    private static String json(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("spec holds what cannot be written as JSON: " + e.getMessage(), e);
        }
    }

    private static void section(StringBuilder text, String title) {
        if (!text.isEmpty()) {
            text.append("\n\n");
        }
        text.append(title);
    }

    private static char mark(Plan.Item item) {
        return switch (item.state()) {
            case Pending -> ' ';
            case InProgress -> '>';
            case Done -> 'x';
        };
    }
}
