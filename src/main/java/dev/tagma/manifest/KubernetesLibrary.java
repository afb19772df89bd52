package dev.tagma.manifest;

import dev.tagma.api.v1alpha1.Durations;
import java.util.List;
import org.projectnessie.cel.EnvOption;
import org.projectnessie.cel.Library;
import org.projectnessie.cel.ProgramOption;
import org.projectnessie.cel.checker.Decls;
import org.projectnessie.cel.common.types.DurationT;
import org.projectnessie.cel.common.types.Err;
import org.projectnessie.cel.common.types.ref.Val;
import org.projectnessie.cel.interpreter.functions.Overload;

/** What the CEL library at hand does not do as the API server does: its own {@code duration()} refuses ms and sums. */
final class KubernetesLibrary implements Library {
    private static final String DURATION = "apiDuration";

    /** The expression with its calls to functions that this library replaces. */
    static String adapt(String expression) {
        return expression.replaceAll("\\bduration\\(", DURATION + "(");
    }

    @Override
    public List<EnvOption> getCompileOptions() {
        return List.of(EnvOption.declarations(Decls.newFunction(
                DURATION, Decls.newOverload(DURATION + "_string", List.of(Decls.String), Decls.Duration))));
    }

    @Override
    public List<ProgramOption> getProgramOptions() {
        return List.of(ProgramOption.functions(
                Overload.unary(DURATION, KubernetesLibrary::duration),
                Overload.unary(DURATION + "_string", KubernetesLibrary::duration)));
    }

    private static Val duration(Val text) {
        try {
            return DurationT.durationOf(Durations.parse(text.value().toString()));
        } catch (IllegalArgumentException e) {
            return Err.newErr("%s", e.getMessage());
        }
    }
}
