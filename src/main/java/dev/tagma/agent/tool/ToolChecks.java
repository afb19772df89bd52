package dev.tagma.agent.tool;

import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool;
import dev.tagma.mission.PoolRevision;
import java.util.ArrayList;
import java.util.List;

/** What a schema cannot see in the tools of a pool: expressions that do not parse, tables that are none. */
public final class ToolChecks {
    private ToolChecks() {}

    /**
     * Something that keeps a tool from working.
     *
     * @param field its path, such as {@code spec.tools[2].formula}
     * @param message what is wrong, and the fix
     */
    public record Problem(String field, String message) {}

    /** The problems of every tool in the revision; empty where each can be called. */
    public static List<Problem> check(PoolRevision revision) {
        List<Problem> problems = new ArrayList<>();
        List<Tool> tools =
                revision.spec().tools() == null ? List.of() : revision.spec().tools();
        LookupTables tables = new LookupTables();
        for (int i = 0; i < tools.size(); i++) {
            Tool tool = tools.get(i);
            String path = "spec.tools[" + i + "]";
            attempt(problems, path + ".parameters", () -> ArgumentSchema.of(tool.parameters()));
            if (tool.formula() != null) {
                attempt(problems, path + ".formula", () -> new FormulaTool(tool));
            }
            if (tool.lookup() != null) {
                attempt(
                        problems,
                        path + ".lookup.configMapKeyRef",
                        () -> tables.table(revision, tool.lookup().configMapKeyRef()));
            }
        }
        return List.copyOf(problems);
    }

    private static void attempt(List<Problem> problems, String field, Runnable check) {
        try {
            check.run();
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(field, e.getMessage()));
        }
    }
}
