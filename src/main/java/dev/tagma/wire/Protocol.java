package dev.tagma.wire;

import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;

/** The versions of the protocol that this binary speaks. */
public final class Protocol {
    /** Ascending. */
    public static final List<Integer> VERSIONS = List.of(1);

    /** How many pool revisions of a stream a runtime keeps: the last ones. */
    public static final int REVISIONS_KEPT = 64;

    private Protocol() {}

    /** The highest version that both sides speak. */
    public static OptionalInt common(Collection<Integer> theirs) {
        return VERSIONS.stream()
                .filter(theirs::contains)
                .mapToInt(Integer::intValue)
                .max();
    }
}
