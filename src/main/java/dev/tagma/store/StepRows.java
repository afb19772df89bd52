package dev.tagma.store;

import dev.tagma.mission.Digest;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.StepLog;
import dev.tagma.mission.StepLog.Tail;
import dev.tagma.mission.Usage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads of the step log, each by key. */
final class StepRows {
    private static final String COLUMNS = """
            seq, epoch, kind, content, content_digest, digest, committed_at, usage_iterations, usage_model_calls,
            usage_tool_calls, usage_input, usage_output, usage_cost_nanos""";

    private static final String TAIL =
            """
            select false as last_plan, {columns} from mission_step
            where mission = ? and seq >= least(
                (select max(seq) from mission_step where mission = ?) - {before},
                (select seq from mission_step where mission = ? and kind = 1 order by seq desc limit 1))
            union all
            (select true, {columns} from mission_step where mission = ? and kind = 4 order by seq desc limit 1)""".replace("{columns}", COLUMNS).replace("{before}", Integer.toString(StepLog.WINDOW - 1));

    private static final String AFTER = """
            select {columns} from mission_step where mission = ? and seq > ? order by seq limit ?""".replace("{columns}", COLUMNS);

    private StepRows() {}

    static Tail tail(Connection connection, long mission) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TAIL)) {
            for (int i = 1; i <= 4; i++) {
                statement.setLong(i, mission);
            }
            List<Step> window = new ArrayList<>();
            Step plan = null;
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (row.getBoolean("last_plan")) {
                        plan = step(row);
                    } else {
                        window.add(step(row));
                    }
                }
            }
            window.sort(Comparator.comparingLong(Step::seq));
            return window.isEmpty()
                    ? Tail.EMPTY
                    : new Tail(window, plan, window.getLast().usage());
        }
    }

    static List<Step> after(Connection connection, long mission, long seq, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(AFTER)) {
            statement.setLong(1, mission);
            statement.setLong(2, seq);
            statement.setInt(3, limit);
            List<Step> steps = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    steps.add(step(row));
                }
            }
            return steps;
        }
    }

    private static Step step(ResultSet row) throws SQLException {
        return new Step(
                row.getLong("seq"),
                row.getLong("epoch"),
                StepKind.of(row.getInt("kind")),
                row.getBytes("content"),
                Digest.of(row.getBytes("content_digest")),
                Digest.of(row.getBytes("digest")),
                new Usage(
                        row.getLong("usage_iterations"),
                        row.getLong("usage_model_calls"),
                        row.getLong("usage_tool_calls"),
                        row.getLong("usage_input"),
                        row.getLong("usage_output"),
                        row.getLong("usage_cost_nanos")),
                row.getObject("committed_at", OffsetDateTime.class).toInstant());
    }
}
