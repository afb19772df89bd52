package dev.tagma.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What reading manifests gave.
 *
 * @param manifests the objects without problems
 * @param problems what is wrong, by file and line; manifests with problems are not to be run
 * @param unresolved references to what is not among the manifests: a warning, since it may exist elsewhere
 * @param passedOver directories within directories that hold manifests and were not read
 * @param written the objects without problems as they were written, before defaults
 * @param places where each object begins, as {@code file:line}, by {@code Kind namespace/name}
 */
public record Reading(
        Manifests manifests,
        List<Problem> problems,
        List<Problem> unresolved,
        List<Path> passedOver,
        List<ObjectNode> written,
        Map<String, String> places) {
    public Reading {
        passedOver = List.copyOf(passedOver);
        written = List.copyOf(written);
        places = Map.copyOf(places);
        problems = List.copyOf(problems);
        unresolved = List.copyOf(unresolved);
    }
}
