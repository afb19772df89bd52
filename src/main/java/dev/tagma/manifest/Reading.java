package dev.tagma.manifest;

import java.util.List;

/**
 * What reading manifests gave.
 *
 * @param manifests the objects without problems
 * @param problems what is wrong, by file and line; manifests with problems are not to be run
 * @param unresolved references to what is not among the manifests: a warning, since it may exist elsewhere
 */
public record Reading(Manifests manifests, List<Problem> problems, List<Problem> unresolved) {
    public Reading {
        problems = List.copyOf(problems);
        unresolved = List.copyOf(unresolved);
    }
}
