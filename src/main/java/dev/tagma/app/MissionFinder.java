package dev.tagma.app;

import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Finds missions by the names that people give. */
final class MissionFinder {
    private static final int PAGE = 1_000;

    private final MissionStore missions;

    MissionFinder(MissionStore missions) {
        this.missions = missions;
    }

    /** All, oldest first. */
    List<MissionRecord> all() {
        Map<UUID, MissionRecord> all = new LinkedHashMap<>();
        long version = 0;
        List<MissionRecord> page;
        do {
            page = missions.changes(version, PAGE);
            for (MissionRecord row : page) {
                all.put(row.uid(), row);
                version = row.version();
            }
        } while (!page.isEmpty());
        List<MissionRecord> sorted = new ArrayList<>(all.values());
        sorted.sort(Comparator.comparingLong(MissionRecord::id));
        return sorted;
    }

    /**
     * The mission called {@code mission/NAME}, {@code missions/NAME} or {@code NAME}. Throws CommandException, naming what there is, where there
     * is none.
     */
    MissionRecord named(String argument, String namespace) {
        return find(argument, namespace)
                .orElseThrow(() -> new CommandException(ExitCode.Invalid, missing(name(argument), namespace)));
    }

    /** The same; empty where there is none. Throws CommandException where {@code argument} names no mission. */
    Optional<MissionRecord> find(String argument, String namespace) {
        String name = name(argument);
        return missions.find(ResourceUid.of("Mission", namespace, name)).or(() -> searched(name, namespace));
    }

    private static String name(String argument) {
        String name = argument.replaceFirst("^missions?/", "");
        if (name.isEmpty() || name.contains("/")) {
            throw new CommandException(
                    ExitCode.Invalid, "a mission is named mission/NAME (and its namespace with -n), not " + argument);
        }
        return name;
    }

    /** The youngest of that name: an API server gave it a UID that cannot be told from its name. */
    private Optional<MissionRecord> searched(String name, String namespace) {
        return all().reversed().stream()
                .filter(row -> row.name().equals(name) && row.namespace().equals(namespace))
                .findFirst();
    }

    private String missing(String name, String namespace) {
        List<String> elsewhere = all().stream()
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
