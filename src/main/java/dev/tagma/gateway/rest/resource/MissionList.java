package dev.tagma.gateway.rest.resource;

import dev.tagma.api.v1alpha1.MissionStatus.Phase;
import dev.tagma.gateway.rest.http.Parameters;
import dev.tagma.gateway.rest.http.ProblemException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A list of missions: which ones, in which order, from where on. */
final class MissionList {
    private final Predicate<MissionItem> wanted;
    private final MissionOrder order;
    private final int limit;
    private final Continuation after;
    private final String query;

    private MissionList(
            Predicate<MissionItem> wanted, MissionOrder order, int limit, Continuation after, String query) {
        this.wanted = wanted;
        this.order = order;
        this.limit = limit;
        this.after = after;
        this.query = query;
    }

    /** The list that is asked for; an empty namespace stands for all. */
    static MissionList of(ListQuery query, String namespace) {
        MissionOrder order = MissionOrder.of(query.sort);
        Predicate<MissionItem> wanted =
                namespace.isEmpty() ? item -> true : item -> item.namespace().equals(namespace);
        if (given(query.phase)) {
            Set<Phase> phases = phases(query.phase);
            wanted = wanted.and(item -> phases.contains(item.place().phase()));
        }
        if (given(query.agent)) {
            wanted = wanted.and(item -> item.agent().equals(query.agent));
        }
        if (given(query.pool)) {
            wanted = wanted.and(pool(query.pool));
        }
        if (given(query.labels)) {
            LabelFilter labels = LabelFilter.of(query.labels);
            wanted = wanted.and(item -> labels.test(item.labels()));
        }
        String same = String.join(
                "\n",
                namespace,
                order.toString(),
                text(query.phase),
                text(query.agent),
                text(query.pool),
                text(query.labels));
        return new MissionList(
                wanted,
                order,
                (int) Parameters.number("limit", query.limit, 1, ListQuery.MAX_LIMIT),
                given(query.next) ? Continuation.read(query.next, same, order) : null,
                same);
    }

    private static boolean given(String text) {
        return text != null && !text.isEmpty();
    }

    private static String text(String text) {
        return text == null ? "" : text;
    }

    private static Predicate<MissionItem> pool(String text) {
        return text.contains("/")
                ? item -> item.pool().equals(text)
                : item -> item.pool().endsWith("/" + text);
    }

    private static Set<Phase> phases(String text) {
        Set<Phase> phases = EnumSet.noneOf(Phase.class);
        for (String name : text.split(",", -1)) {
            phases.add(Stream.of(Phase.values())
                    .filter(phase -> phase.name().equals(name.strip()))
                    .findFirst()
                    .orElseThrow(() -> ProblemException.parameter(
                            "phase", Parameters.shown(name) + " is no phase; they are " + List.of(Phase.values()))));
        }
        return phases;
    }

    /** The page as JSON of the shape of {@link Page}. */
    byte[] page(Collection<MissionItem> items) {
        List<MissionItem> all = items.stream()
                .filter(wanted)
                .sorted(Comparator.comparing(MissionItem::place, order))
                .toList();
        List<MissionItem> page = all.stream()
                .filter(item -> after == null || order.compare(after.place(), item.place()) < 0)
                .limit(limit + 1L)
                .toList();
        boolean more = page.size() > limit;
        return json(page.subList(0, Math.min(limit, page.size())), more, all.size());
    }

    private byte[] json(List<MissionItem> page, boolean more, int total) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ascii("{\"items\":["));
        for (int i = 0; i < page.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            out.writeBytes(page.get(i).json());
        }
        out.write(']');
        if (more) {
            out.writeBytes(
                    ascii(",\"continue\":\"" + new Continuation(page.getLast().place()).write(query, order) + "\""));
        }
        out.writeBytes(ascii(",\"total\":" + total + "}"));
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
