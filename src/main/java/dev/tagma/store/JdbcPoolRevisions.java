package dev.tagma.store;

import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.mission.Digest;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.PoolRevisions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The pools' revisions on Postgres. */
public final class JdbcPoolRevisions implements PoolRevisions {
    private static final String COLUMNS =
            "select pool_uid, revision, namespace, name, digest, spec from pool_revision ";
    private static final String FIND = COLUMNS + "where pool_uid = ? and revision = ?";
    private static final String LATEST = COLUMNS + "where pool_uid = ? order by revision desc limit 1";
    private static final String INSERT = """
            insert into pool_revision (pool_uid, revision, namespace, name, digest, spec) values (?, ?, ?, ?, ?, ?)
            on conflict do nothing""";

    private final Database database;

    public JdbcPoolRevisions(Database database) {
        this.database = database;
    }

    @Override
    public PoolRevision publish(
            UUID pool, String namespace, String name, AgentPoolSpec spec, Map<String, String> content) {
        byte[] bytes = SpecJson.encode(new SpecJson.Pool(PoolRevision.pinned(spec), content));
        byte[] digest = Digest.sha256(bytes).bytes();
        return database.query(connection -> {
            // Where somebody else publishes the same number first, the insert does nothing and the latest is another
            // one.
            while (true) {
                Optional<Stored> latest = Sql.first(connection, LATEST, JdbcPoolRevisions::stored, pool);
                if (latest.isPresent() && Arrays.equals(latest.get().digest, digest)) {
                    return latest.get().revision;
                }
                int next = latest.map(stored -> stored.revision.revision()).orElse(0) + 1;
                if (Sql.update(connection, INSERT, pool, next, namespace, name, digest, bytes) > 0) {
                    return new PoolRevision(pool, next, namespace, name, PoolRevision.pinned(spec), content);
                }
            }
        });
    }

    @Override
    public Optional<PoolRevision> find(UUID pool, int revision) {
        return database.query(connection -> Sql.first(connection, FIND, JdbcPoolRevisions::stored, pool, revision)
                .map(Stored::revision));
    }

    @Override
    public Optional<PoolRevision> latest(UUID pool) {
        return database.query(connection ->
                Sql.first(connection, LATEST, JdbcPoolRevisions::stored, pool).map(Stored::revision));
    }

    private record Stored(PoolRevision revision, byte[] digest) {}

    private static Stored stored(ResultSet row) throws SQLException {
        SpecJson.Pool pool = SpecJson.pool(row.getBytes("spec"));
        return new Stored(
                new PoolRevision(
                        row.getObject("pool_uid", UUID.class),
                        row.getInt("revision"),
                        row.getString("namespace"),
                        row.getString("name"),
                        pool.spec(),
                        pool.content()),
                row.getBytes("digest"));
    }
}
