package dev.tagma.store;

import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.Claim;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import dev.tagma.mission.step.Failover;
import dev.tagma.store.Parting.Way;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The missions and their transitions on Postgres.
 *
 * <p>The feed of changes shows a transaction's changes once every older transaction has ended, because only then no smaller version can
 * appear any more. So a transaction that stays open for long, in any database of the same server, holds the feed up; {@link #find} is
 * never held up.
 */
public final class JdbcMissionStore implements MissionStore {
    private static final String BY_UIDS = "select " + MissionRows.RECORD + " where m.uid = any(?)";
    private static final String BY_UID = "select " + MissionRows.RECORD + " where m.uid = ?";
    private static final String SPEC = "select s.spec from mission_spec s join mission m using (id) where m.uid = ?";
    private static final String CHANGES = "select " + MissionRows.RECORD + """

            where version > ? and version < (
                select (database_timeline() << 44) + pg_snapshot_xmin(pg_current_snapshot())::text::int8)
            order by version fetch first ? rows with ties""";
    private static final String HORIZON =
            "select (database_timeline() << 44) + pg_snapshot_xmin(pg_current_snapshot())::text::int8 - 1";
    private static final String AFTER =
            "select " + MissionRows.RECORD + " where m.id > ? and not m.forgotten order by m.id limit ?";
    private static final String LOCK = "select id, reason from mission where uid = ? for no key update";
    private static final String LOCK_OWNED =
            "select id from mission where id = ? and epoch = ? and phase = 'Running' for no key update";
    private static final String FAILOVER = """
            update mission set failovers = failovers_with(failovers, ?::jsonb), version = next_version()
            where id = ? and epoch = ? and phase = 'Running'""";

    private final Database database;

    public JdbcMissionStore(Database database) {
        this.database = database;
    }

    @Override
    public List<MissionRecord> admit(List<NewMission> missions) {
        if (missions.isEmpty()) {
            return List.of();
        }
        Map<UUID, NewMission> distinct = new LinkedHashMap<>();
        missions.forEach(mission -> distinct.putIfAbsent(mission.uid(), mission));
        Map<UUID, MissionRecord> stored = database
                .transact(connection -> {
                    JdbcForgetting.keepOut(connection);
                    AdmitStatement.execute(connection, distinct.values());
                    UUID[] uids = distinct.keySet().toArray(UUID[]::new);
                    return Sql.list(connection, BY_UIDS, MissionRows::toRecord, (Object) uids);
                })
                .stream()
                .collect(Collectors.toMap(MissionRecord::uid, Function.identity()));
        return missions.stream()
                .map(mission -> stored.get(mission.uid()))
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    public Optional<MissionRecord> find(UUID uid) {
        return database.query(connection -> Sql.first(connection, BY_UID, MissionRows::toRecord, uid));
    }

    @Override
    public List<MissionRecord> findAll(Collection<UUID> uids) {
        Object wanted = uids.toArray(UUID[]::new);
        return database.query(connection -> Sql.list(connection, BY_UIDS, MissionRows::toRecord, wanted));
    }

    @Override
    public Optional<MissionSpec> spec(UUID uid) {
        return database.query(
                connection -> Sql.first(connection, SPEC, row -> SpecJson.mission(row.getBytes("spec")), uid));
    }

    @Override
    public List<MissionRecord> changes(long version, int limit) {
        return database.query(connection -> Sql.list(connection, CHANGES, MissionRows::toRecord, version, limit));
    }

    @Override
    public long horizon() {
        return database.query(connection ->
                Sql.first(connection, HORIZON, row -> row.getLong(1)).orElseThrow());
    }

    @Override
    public List<MissionRecord> after(long id, int limit) {
        return database.query(connection -> Sql.list(connection, AFTER, MissionRows::toRecord, id, limit));
    }

    @Override
    public List<UUID> forget(Collection<UUID> uids, String message) {
        return uids.isEmpty()
                ? List.of()
                : database.transact(connection -> JdbcForgetting.forget(connection, uids, message));
    }

    @Override
    public int purge() {
        return database.transact(JdbcForgetting::purge);
    }

    @Override
    public boolean cancel(UUID uid, String message) {
        return change(uid, (connection, mission) -> {
            if (mission.reason.phase().terminal()) {
                return false;
            }
            return Parting.end(connection, mission.id, Outcome.failed(Reason.CancelRequested, message)) > 0;
        });
    }

    @Override
    public boolean suspend(UUID uid) {
        return change(uid, (connection, mission) -> {
            if (mission.reason.phase().terminal() || mission.reason == Reason.Suspended) {
                return false;
            }
            return leave(connection, mission.id, Way.to(Reason.Suspended));
        });
    }

    @Override
    public boolean resume(UUID uid) {
        return change(
                uid,
                (connection, mission) ->
                        mission.reason.awaitsPerson() && leave(connection, mission.id, Way.to(Reason.Queued)));
    }

    private static boolean leave(Connection connection, long id, Way way) throws SQLException {
        return Parting.leave(connection, new Long[] {id}, way) > 0;
    }

    private record Locked(long id, Reason reason) {}

    @FunctionalInterface
    private interface Change {
        boolean apply(Connection connection, Locked mission) throws SQLException;
    }

    private boolean change(UUID uid, Change change) {
        return database.transact(connection -> {
            Optional<Locked> mission = Sql.first(
                    connection,
                    LOCK,
                    row -> new Locked(row.getLong("id"), Reason.valueOf(row.getString("reason"))),
                    uid);
            return mission.isPresent() && change.apply(connection, mission.get());
        });
    }

    @Override
    public boolean release(Claim claim, Release release) {
        Way way = way(release);
        return database.transact(connection -> {
            boolean owned = Sql.first(connection, LOCK_OWNED, row -> row.getLong(1), claim.mission(), claim.epoch())
                    .isPresent();
            return owned && leave(connection, claim.mission(), way);
        });
    }

    private static Way way(Release release) {
        return switch (release) {
            case Release.HandBack back -> Way.to(Reason.HandedBack);
            case Release.Retry retry ->
                new Way(Reason.Retrying, retry.cause() + ": " + retry.message(), 1, retry.delay());
            case Release.Park park -> new Way(park.reason(), park.message(), 0, park.wakeAfter());
        };
    }

    @Override
    public boolean recordFailover(Claim claim, Failover failover) {
        String entry = SpecJson.encode(failover);
        return database.query(
                connection -> Sql.update(connection, FAILOVER, entry, claim.mission(), claim.epoch()) > 0);
    }
}
