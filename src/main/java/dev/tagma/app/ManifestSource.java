package dev.tagma.app;

import io.fabric8.kubernetes.api.model.ConfigMap;
import java.nio.file.Path;
import java.util.List;

/** Reads and checks manifests. */
interface ManifestSource {
    /** Every document of the files, directories ({@code *.yaml}, {@code *.yml}, {@code *.json}) and {@code -} (standard input), and the given ConfigMaps. */
    Reading read(List<Path> files, List<ConfigMap> given);

    /**
     * What was read.
     *
     * @param resources with namespaces and UIDs; empty where there are problems
     * @param problems one line each, as the API server would say them, with file and line
     * @param unresolved references to what is not among the manifests, one line each; it may exist elsewhere
     */
    record Reading(Resources resources, List<String> problems, List<String> unresolved) {
        public Reading {
            problems = List.copyOf(problems);
            unresolved = List.copyOf(unresolved);
        }
    }
}
