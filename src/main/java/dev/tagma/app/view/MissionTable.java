package dev.tagma.app.view;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Missions as a table: what `tagma get` prints, and `tagma run` at its end. */
public final class MissionTable {
    private MissionTable() {}

    /** The lines; the last column is cut to {@code columns}. */
    public static List<String> lines(Collection<MissionProgress> missions, Instant now, int columns) {
        Table table =
                new Table("NAMESPACE", "NAME", "PHASE", "STEPS", "MODEL", "TOOLS", "TOKENS", "COST", "TIME", "RESULT");
        for (MissionProgress mission : missions) {
            table.row(
                    mission.record().namespace(),
                    mission.record().name(),
                    mission.phase().name(),
                    Long.toString(mission.seq()),
                    Long.toString(mission.spent().modelCalls()),
                    Long.toString(mission.spent().toolCalls()),
                    Words.count(mission.spent().tokens()),
                    mission.spent().cost(),
                    mission.record().startedAt() == null ? "" : Words.duration(mission.elapsed(now)),
                    mission.activity());
        }
        return table.lines().stream().map(line -> Words.cut(line, columns)).toList();
    }
}
