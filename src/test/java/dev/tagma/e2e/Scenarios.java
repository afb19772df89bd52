package dev.tagma.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** A group of scenarios of the report. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith({Report.class, Outsides.class})
@interface Scenarios {
    /** Its place in the report. */
    int number();

    /** Its title. */
    String value();

    /** Whether Tagma is installed before the first of them. */
    boolean installed() default true;
}
