package dev.tagma.store;

import dev.tagma.mission.Append;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.CommitResult.Behind;
import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.CommitResult.Fenced;
import dev.tagma.mission.CommitResult.Fork;
import dev.tagma.mission.Digest;
import dev.tagma.mission.Head;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What became of an append in its group. */
sealed interface CommitVerdict {
    /** Decided for good. */
    record Decided(CommitResult result) implements CommitVerdict {}

    /** Not decided: somebody holds the mission's row, or held it when the group came by. Into another group with it. */
    record Undecided() implements CommitVerdict {}

    /**
     * Why the appends of {@code missed} were not stored, in their order, by a statement with a snapshot of its own.
     */
    static List<CommitVerdict> of(Connection connection, List<PendingAppend> missed) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select m.epoch,
                       coalesce(l.digest = a.head_digest, a.head = 0) as present,
                       coalesce(m.finished_at is not null and m.epoch > a.epoch and m.reason = a.reason and m.last_seq = a.head
                           and m.outcome is not distinct from a.outcome, false) as ended,
                       coalesce(a.base_digest = case a.base
                           when 0 then sha256('tagma/mission/v1'::bytea || uuid_send(m.uid)) else b.digest end, false) as based,
                       n.seq is not null as followed,
                       t.seq, t.digest
                from unnest(?::int8[], ?::int8[], ?::int8[], ?::bytea[], ?::int8[], ?::bytea[], ?::text[], ?::bytea[])
                    with ordinality as a(mission, epoch, base, base_digest, head, head_digest, reason, outcome, i)
                left join lateral (select * from mission where id = a.mission limit 1) m on true
                left join lateral (select digest from mission_step where mission = a.mission and seq = a.head limit 1) l on true
                left join lateral (select digest from mission_step where mission = a.mission and seq = a.base limit 1) b on true
                left join lateral (select seq from mission_step where mission = a.mission and seq = a.base + 1 limit 1) n on true
                left join lateral (
                    select seq, digest from mission_step where mission = a.mission order by seq desc limit 1) t on true
                order by a.i""")) {
            new Columns(connection, statement)
                    .int8(missed, PendingAppend::key)
                    .int8(missed, a -> a.append().claim().epoch())
                    .int8(missed, a -> a.append().base().seq())
                    .bytea(missed, a -> a.append().base().digest().bytes())
                    .int8(missed, a -> a.head().seq())
                    .bytea(missed, a -> a.head().digest().bytes())
                    .text(
                            missed,
                            a -> a.finish() == null ? null : a.finish().reason().name())
                    .bytea(missed, PendingAppend::outcome);
            List<CommitVerdict> verdicts = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                for (PendingAppend append : missed) {
                    row.next();
                    verdicts.add(judge(append, row));
                }
            }
            return verdicts;
        }
    }

    private static CommitVerdict judge(PendingAppend pending, ResultSet row) throws SQLException {
        Append append = pending.append();
        long epoch = row.getLong("epoch");
        boolean present = row.getBoolean("present");
        if (present && (pending.finish() == null ? pending.hasSteps() : row.getBoolean("ended"))) {
            return new Decided(new Committed(pending.head()));
        }
        if (epoch != append.claim().epoch()) {
            return new Decided(new Fenced(epoch));
        }
        if (row.getBoolean("based") && !row.getBoolean("followed")) {
            return new Undecided();
        }
        Head store = row.getBytes("digest") == null
                ? Head.genesis(append.claim().uid())
                : new Head(row.getLong("seq"), Digest.of(row.getBytes("digest")));
        return new Decided(append.base().seq() > store.seq() ? new Behind(store) : new Fork(store));
    }
}
