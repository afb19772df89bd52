package dev.tagma.app;

import dev.tagma.app.fleet.Fleet;
import dev.tagma.mission.MissionRecord;
import java.util.List;
import java.util.Optional;

/** Finds missions by the names that people give. */
final class MissionFinder {
    private final Fleet fleet;

    MissionFinder(Fleet fleet) {
        this.fleet = fleet;
    }

    /** The namespace of one mission: the named one, or null where none is. */
    String namespace(String named) {
        return named != null ? named : fleet.home().orElse(MissionArgument.DEFAULT_NAMESPACE);
    }

    /**
     * The mission called {@code mission/NAME}, {@code missions/NAME} or {@code NAME}. Throws CommandException, naming what there is, where there
     * is none.
     */
    MissionRecord named(String argument, String namespace) {
        return find(argument, namespace)
                .orElseThrow(
                        () -> new CommandException(ExitCode.Invalid, missing(name(argument), namespace(namespace))));
    }

    /** The same; empty where there is none. Throws CommandException where {@code argument} names no mission. */
    Optional<MissionRecord> find(String argument, String namespace) {
        return fleet.find(namespace(namespace), name(argument));
    }

    private static String name(String argument) {
        String name = argument.replaceFirst("^missions?/", "");
        if (name.isEmpty() || name.contains("/")) {
            throw new CommandException(
                    ExitCode.Invalid, "a mission is named mission/NAME (and its namespace with -n), not " + argument);
        }
        return name;
    }

    private String missing(String name, String namespace) {
        // a list of everything may be more than the caller may see of a cluster
        List<String> elsewhere = fleet.home().isPresent()
                ? List.of()
                : fleet.list(null).stream()
                        .filter(row -> row.name().equals(name))
                        .map(MissionRecord::namespace)
                        .distinct()
                        .toList();
        return "no mission " + name + " in namespace " + namespace
                + (elsewhere.isEmpty()
                        ? ": `tagma get` lists what there is"
                        : ", but in " + String.join(", ", elsewhere) + ": name it with -n");
    }
}
