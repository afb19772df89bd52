/**
 * The tools that run inside the runtime, and the rules for all tools.
 *
 * <p>To add a tool that runs here: write a class that implements {@link dev.tagma.agent.tool.LocalTool} (its definition for the model
 * and its call; pure, bounded in time and memory), give {@link dev.tagma.api.v1alpha1.AgentPoolSpec.Tool} the member that declares it,
 * or, where it has nothing to declare, a value of {@code Builtin}; build it in {@link dev.tagma.agent.tool.Toolbox}, and run
 * {@code make crds}. Arguments are checked against the definition's schema before the call, and the
 * output is cut after it, so the class holds nothing but its own work. A tool that has to reach something outside the pod belongs to
 * the gateway's egress instead: the runtime has no way out.
 */
package dev.tagma.agent.tool;
