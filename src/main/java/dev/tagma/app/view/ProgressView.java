package dev.tagma.app.view;

import dev.tagma.mission.Phase;
import dev.tagma.mission.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The progress of many missions as a block of lines that fits the screen.
 *
 * @param rows lines at most, at least 4
 * @param columns of the screen
 */
public record ProgressView(int rows, int columns, Colors colors) {
    private static final int NAME_LIMIT = 40;
    private static final int READABLE = 24;
    private static final String PHASE = "%-9s";

    public ProgressView {
        rows = Math.max(4, rows);
        columns = Math.max(20, columns);
    }

    /** A number of a mission; those that a narrow screen does without come first. */
    private enum Number {
        TOKENS(6),
        STEP(4),
        COST(8),
        TIME(7);

        private final int width;

        Number(int width) {
            this.width = width;
        }

        private String cell(MissionProgress mission, Instant now) {
            return switch (this) {
                case TOKENS -> Words.count(mission.spent().tokens());
                case STEP -> Long.toString(mission.seq());
                case COST -> mission.spent().cost();
                case TIME -> Words.duration(mission.elapsed(now));
            };
        }
    }

    /** The order in which numbers stand. */
    private static final List<Number> NUMBERS = List.of(Number.STEP, Number.TOKENS, Number.COST, Number.TIME);

    /** The block: headings, one line per mission, those at work first where not all fit, and a line that sums up. */
    public List<String> lines(Collection<MissionProgress> missions, Instant now, Duration elapsed) {
        List<String> lines = new ArrayList<>();
        List<MissionProgress> shown = shown(missions);
        int longest = shown.stream().mapToInt(m -> m.name().length()).max().orElse(0);
        int name = Math.max("MISSION".length(), Math.min(longest, NAME_LIMIT));
        Set<Number> numbers = numbers(name);
        StringBuilder heading = new StringBuilder(padded("MISSION", name)).append(String.format(PHASE, "PHASE"));
        numbers(heading, numbers, Number::name);
        lines.add(colors.dim(Words.cut(heading.append("  ACTIVITY").toString(), columns)));
        for (MissionProgress mission : shown) {
            StringBuilder rest = new StringBuilder();
            numbers(rest, numbers, number -> number.cell(mission, now));
            lines.add(line(
                    mission, padded(mission.name(), name), rest.append("  ").append(mission.activity())));
        }
        if (shown.size() < missions.size()) {
            lines.add(colors.dim(Words.cut("… and " + (missions.size() - shown.size()) + " more", columns)));
        }
        lines.add(colors.bold(Words.cut(summary(missions, elapsed), columns)));
        return lines;
    }

    private static String padded(String name, int width) {
        return String.format("%-" + width + "s ", Words.cut(name, width));
    }

    private Set<Number> numbers(int name) {
        Set<Number> numbers = EnumSet.allOf(Number.class);
        int left = columns - name - String.format(PHASE, "").length() - 3 - READABLE;
        for (Number next : Number.values()) {
            if (numbers.stream().mapToInt(number -> number.width + 1).sum() <= left) {
                break;
            }
            numbers.remove(next);
        }
        return numbers;
    }

    private static void numbers(StringBuilder line, Set<Number> shown, Function<Number, String> cell) {
        NUMBERS.stream()
                .filter(shown::contains)
                .forEach(
                        number -> line.append(' ').append(String.format("%" + number.width + "s", cell.apply(number))));
    }

    private List<MissionProgress> shown(Collection<MissionProgress> missions) {
        if (missions.size() < rows - 1) {
            return List.copyOf(missions);
        }
        return missions.stream()
                .sorted(Comparator.comparingInt(m -> rank(m.phase())))
                .limit(rows - 3L)
                .toList();
    }

    private static int rank(Phase phase) {
        return switch (phase) {
            case Running -> 0;
            case Waiting -> 1;
            case Failed -> 2;
            case Cancelled -> 3;
            case Queued, Pending -> 4;
            case Succeeded -> 5;
        };
    }

    private String line(MissionProgress mission, String head, CharSequence rest) {
        String phase = String.format(PHASE, mission.phase());
        // cut before it is coloured, so that no escape sequence is halved
        String plain = Words.cut(head + phase + rest, columns);
        int from = Math.min(head.length(), plain.length());
        int to = Math.min(from + phase.length(), plain.length());
        return plain.substring(0, from)
                + colors.phase(mission.phase(), plain.substring(from, to))
                + plain.substring(to).stripTrailing();
    }

    /** {@code 3 missions: 1 running, 2 succeeded; 45.1k tokens, cost 0.0456, 12.3s}. */
    public static String summary(Collection<MissionProgress> missions, Duration elapsed) {
        Map<Phase, Integer> counts = new EnumMap<>(Phase.class);
        long tokens = 0;
        long nanos = 0;
        for (MissionProgress mission : missions) {
            counts.merge(mission.phase(), 1, Integer::sum);
            tokens += mission.spent().tokens();
            nanos += mission.spent().costNanos();
        }
        String phases = String.join(
                ", ",
                counts.entrySet().stream()
                        .map(e -> e.getValue() + " " + e.getKey().name().toLowerCase(Locale.ROOT))
                        .toList());
        return Words.plural(missions.size(), "mission") + ": " + phases + "; " + Words.count(tokens) + " tokens, cost "
                + new Usage(0, 0, 0, 0, 0, nanos).cost() + ", " + Words.duration(elapsed);
    }
}
