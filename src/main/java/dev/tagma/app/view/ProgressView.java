package dev.tagma.app.view;

import dev.tagma.mission.Phase;
import dev.tagma.mission.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The progress of many missions as a block of lines that fits the screen.
 *
 * @param rows lines at most, at least 3
 * @param columns of the screen
 */
public record ProgressView(int rows, int columns, Colors colors) {
    private static final int NAME_LIMIT = 40;

    public ProgressView {
        rows = Math.max(3, rows);
        columns = Math.max(20, columns);
    }

    /** The block: one line per mission, those at work first where not all fit, and a line that sums up. */
    public List<String> lines(Collection<MissionProgress> missions, Instant now, Duration elapsed) {
        List<String> lines = new ArrayList<>();
        List<MissionProgress> shown = shown(missions);
        int name = shown.stream().mapToInt(m -> m.name().length()).max().orElse(0);
        for (MissionProgress mission : shown) {
            lines.add(line(mission, Math.min(name, NAME_LIMIT), now));
        }
        if (shown.size() < missions.size()) {
            lines.add(colors.dim(Words.cut("… and " + (missions.size() - shown.size()) + " more", columns)));
        }
        lines.add(colors.bold(Words.cut(summary(missions, elapsed), columns)));
        return lines;
    }

    private List<MissionProgress> shown(Collection<MissionProgress> missions) {
        if (missions.size() < rows) {
            return List.copyOf(missions);
        }
        return missions.stream()
                .sorted(Comparator.comparingInt(m -> rank(m.phase())))
                .limit(rows - 2L)
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

    private String line(MissionProgress mission, int nameWidth, Instant now) {
        String phase = String.format("%-9s", mission.phase());
        String head = String.format("%-" + Math.max(1, nameWidth) + "s ", Words.cut(mission.name(), nameWidth));
        String rest = String.format(
                " %4d %6s %8s %7s  %s",
                mission.seq(),
                Words.count(mission.spent().tokens()),
                mission.spent().cost(),
                Words.duration(mission.elapsed(now)),
                mission.activity());
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
