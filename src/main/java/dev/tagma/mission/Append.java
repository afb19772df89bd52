package dev.tagma.mission;

import java.util.ArrayList;
import java.util.List;

/**
 * Steps to be added to one mission's chain, all or none, and the mission's end where they are its last.
 *
 * @param claim the writer's ownership
 * @param base the head the writer believes in
 * @param steps at least one, unless {@code finish} is set; in order
 * @param finish the outcome with which the mission ends in the same statement, or null
 */
public record Append(Claim claim, Head base, List<NewStep> steps, Outcome finish) {
    public Append {
        steps = List.copyOf(steps);
        if (steps.isEmpty() && finish == null) {
            throw new IllegalArgumentException("nothing to append to mission " + claim.mission());
        }
    }

    /** The heads after each step, in order. */
    public List<Head> heads() {
        List<Head> heads = new ArrayList<>(steps.size());
        Head head = base;
        for (NewStep step : steps) {
            head = head.then(claim.epoch(), step.kind(), step.contentDigest());
            heads.add(head);
        }
        return heads;
    }

    /** The head once everything is committed. */
    public Head head() {
        return steps.isEmpty() ? base : heads().getLast();
    }
}
