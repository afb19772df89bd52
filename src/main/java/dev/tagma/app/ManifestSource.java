package dev.tagma.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads and checks manifests. */
interface ManifestSource {
    /** Every document of what is asked for. */
    Reading read(Request request);

    /**
     * What is to be read.
     *
     * @param files files, directories ({@code *.yaml}, {@code *.yml}, {@code *.json}) and {@code -} (standard input)
     * @param recursive whether the directories in directories are read too
     * @param given ConfigMaps to add
     */
    record Request(List<Path> files, boolean recursive, List<ConfigMap> given) {}

    /**
     * What was read.
     *
     * @param resources with namespaces and UIDs; empty where there are problems
     * @param problems one line each, as the API server would say them, with file and line
     * @param unresolved references to what is not among the manifests, one line each; it may exist elsewhere
     * @param passedOver directories within directories that hold manifests and were not read
     * @param written the objects as they were written, before defaults
     * @param places where each object begins, as {@code file:line}, by {@code kind namespace/name} in lower case
     */
    record Reading(
            Resources resources,
            List<String> problems,
            List<String> unresolved,
            List<Path> passedOver,
            List<ObjectNode> written,
            Map<String, String> places) {
        public Reading {
            problems = List.copyOf(problems);
            unresolved = List.copyOf(unresolved);
            passedOver = List.copyOf(passedOver);
            written = List.copyOf(written);
            places = Map.copyOf(places);
        }

        /** A line about an object, as {@code mission default/x: text}, with the place of the object before it. */
        String located(String line) {
            int colon = line.indexOf(": ");
            String place =
                    colon < 0 ? null : places.get(line.substring(0, colon).toLowerCase(Locale.ROOT));
            return place == null ? line : place + ": " + line;
        }
    }
}
