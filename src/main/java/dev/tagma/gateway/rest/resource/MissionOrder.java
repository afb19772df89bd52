package dev.tagma.gateway.rest.resource;

import dev.tagma.api.v1alpha1.MissionStatus.Phase;
import dev.tagma.gateway.rest.http.Parameters;
import dev.tagma.gateway.rest.http.ProblemException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/** An order of missions: by a key, among equals by namespace and name, so that no two are equal. */
record MissionOrder(Key key, boolean descending) implements Comparator<MissionItem.Place> {
    /** What missions are sorted by. */
    enum Key {
        Created,
        Name,
        Phase,
        Priority
    }

    static MissionOrder of(String text) {
        boolean descending = text.startsWith("-");
        String name = descending ? text.substring(1) : text;
        return Stream.of(Key.values())
                .filter(key -> key.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .map(key -> new MissionOrder(key, descending))
                .orElseThrow(() -> ProblemException.parameter(
                        "sort",
                        "sort by created, name, phase or priority, with a minus before it for the other way around, not by "
                                + Parameters.shown(text)));
    }

    @Override
    public int compare(MissionItem.Place one, MissionItem.Place other) {
        int by = switch (key) {
            case Created -> one.created().compareTo(other.created());
            case Name -> one.name().compareTo(other.name());
            case Phase -> one.phase().compareTo(other.phase());
            case Priority -> Integer.compare(one.priority(), other.priority());
        };
        if (by == 0) {
            by = one.namespace().compareTo(other.namespace());
        }
        if (by == 0) {
            by = one.name().compareTo(other.name());
        }
        return descending ? -by : by;
    }

    /** The place's key as text. */
    String text(MissionItem.Place place) {
        return switch (key) {
            case Created -> place.created().toString();
            case Name -> "";
            case Phase -> place.phase().name();
            case Priority -> Integer.toString(place.priority());
        };
    }

    /** The place whose key has this text; throws IllegalArgumentException or DateTimeException where none has. */
    MissionItem.Place place(String text, String namespace, String name) {
        return switch (key) {
            case Created -> new MissionItem.Place(Instant.parse(text), Phase.Pending, 0, namespace, name);
            case Name -> new MissionItem.Place(Instant.EPOCH, Phase.Pending, 0, namespace, name);
            case Phase -> new MissionItem.Place(Instant.EPOCH, Phase.valueOf(text), 0, namespace, name);
            case Priority ->
                new MissionItem.Place(Instant.EPOCH, Phase.Pending, Integer.parseInt(text), namespace, name);
        };
    }

    @Override
    public String toString() {
        return (descending ? "-" : "") + key;
    }
}
