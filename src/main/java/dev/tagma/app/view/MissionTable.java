package dev.tagma.app.view;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Missions as a table: what `tagma get` prints, and `tagma run` at its end. */
public final class MissionTable {
    /** What a result needs to say something. */
    private static final int READABLE = 24;

    /** What a narrow screen does without, the first first: a table that loses its results says nothing. */
    private static final List<Column> DISPENSABLE =
            List.of(Column.TOOLS, Column.MODEL, Column.TOKENS, Column.STEPS, Column.COST, Column.TIME);

    private MissionTable() {}

    private enum Column {
        NAMESPACE,
        NAME,
        PHASE,
        STEPS,
        MODEL,
        TOOLS,
        TOKENS,
        COST,
        TIME,
        RESULT;

        private String cell(MissionProgress mission, Instant now) {
            return switch (this) {
                case NAMESPACE -> mission.record().namespace();
                case NAME -> mission.record().name();
                case PHASE -> mission.phase().name();
                case STEPS -> Long.toString(mission.seq());
                case MODEL -> Long.toString(mission.spent().modelCalls());
                case TOOLS -> Long.toString(mission.spent().toolCalls());
                case TOKENS -> Words.count(mission.spent().tokens());
                case COST -> mission.spent().cost();
                case TIME -> mission.record().startedAt() == null ? "" : Words.duration(mission.elapsed(now));
                case RESULT -> mission.activity();
            };
        }
    }

    /** The lines, at most {@code columns} wide: the results are cut, and where nothing would be left of them, columns of numbers go first. */
    public static List<String> lines(Collection<MissionProgress> missions, Instant now, int columns) {
        Set<Column> shown = EnumSet.allOf(Column.class);
        for (Column next : DISPENSABLE) {
            if (fits(table(missions, shown, now), missions, columns)) {
                break;
            }
            shown.remove(next);
        }
        return table(missions, shown, now).lines().stream()
                .map(line -> Words.cut(line, columns))
                .toList();
    }

    private static boolean fits(Table table, Collection<MissionProgress> missions, int columns) {
        int result = missions.stream()
                .mapToInt(mission -> mission.activity().length())
                .max()
                .orElse(0);
        int heading = table.lines().getFirst().length() - Column.RESULT.name().length();
        return heading
                        + Math.min(
                                READABLE, Math.max(result, Column.RESULT.name().length()))
                <= columns;
    }

    private static Table table(Collection<MissionProgress> missions, Set<Column> shown, Instant now) {
        Table table = new Table(shown.stream().map(Column::name).toArray(String[]::new));
        for (MissionProgress mission : missions) {
            List<String> cells = new ArrayList<>();
            shown.forEach(column -> cells.add(column.cell(mission, now)));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }
}
