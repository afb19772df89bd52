package dev.tagma.e2e;

import java.util.Comparator;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

/** Groups of scenarios in the order of the report: what is measured on a fresh cluster comes first. */
public final class ByNumber implements ClassOrderer {
    @Override
    public void orderClasses(ClassOrdererContext context) {
        context.getClassDescriptors().sort(Comparator.comparingInt(ByNumber::number));
    }

    private static int number(ClassDescriptor group) {
        return group.findAnnotation(Scenarios.class).map(Scenarios::number).orElse(Integer.MAX_VALUE);
    }
}
