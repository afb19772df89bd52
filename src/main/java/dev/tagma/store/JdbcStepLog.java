package dev.tagma.store;

import dev.tagma.mission.Append;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepLog;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.model.ModelCalls.Reserved;
import dev.tagma.store.CommitVerdict.Decided;
import dev.tagma.store.CommitVerdict.Undecided;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The step log on Postgres. Commits go in groups (see {@link GroupCommitter} and {@link CommitStatement}).
 *
 * <p>A commit whose connection broke is in doubt. It is sent again as it is until the store decides: what the broken attempt stored is
 * recognised by its digest, and where its backend still lives it holds the mission's row, which makes the repeat wait for its end.
 */
public final class JdbcStepLog implements StepLog {
    /** How long a commit is repeated before its caller is told that the store is away. */
    public static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Database database;
    private final GroupCommitter<PendingAppend, CommitVerdict> committer;
    private final Duration patience;

    public JdbcStepLog(Database database, Executor committerThreads, Duration patience) {
        this.database = database;
        this.patience = patience;
        this.committer = new GroupCommitter<>(
                committerThreads, this::write, new GroupCommitter.Limits(2, 64, 500, 2 << 20, 64 << 10, patience));
    }

    @Override
    public CommitResult commit(Append append) {
        return commit(append, null);
    }

    /** Commits, and settles {@code call} in the same statement; null settles none. */
    CommitResult commit(Append append, Reserved call) {
        PendingAppend pending = PendingAppend.of(append, call);
        Retry retry = new Retry(patience);
        while (true) {
            StoreUnavailableException away = null;
            try {
                switch (committer.submit(pending)) {
                    case Decided decided -> {
                        return decided.result();
                    }
                    case Undecided undecided -> {}
                }
            } catch (StoreUnavailableException e) {
                away = e;
            }
            retry.pause(
                    away == null
                            ? "another writer holds mission " + append.claim().uid()
                            : away.getMessage(),
                    away);
        }
    }

    private List<CommitVerdict> write(List<PendingAppend> group) throws SQLException {
        Set<Long> stored = database.committers()
                .attempt(c -> CommitStatement.store(c, group), !CommitStatement.needsTransaction(group));
        List<PendingAppend> missed =
                group.stream().filter(append -> !stored.contains(append.key())).toList();
        Iterator<CommitVerdict> verdicts = missed.isEmpty()
                ? null
                : database.committers()
                        .attempt(c -> CommitVerdict.of(c, missed), true)
                        .iterator();
        List<CommitVerdict> answers = new ArrayList<>(group.size());
        for (PendingAppend append : group) {
            answers.add(stored.contains(append.key()) ? new Decided(new Committed(append.head())) : verdicts.next());
        }
        return answers;
    }

    @Override
    public Tail tail(long mission) {
        return database.query(connection -> StepRows.tail(connection, mission));
    }

    @Override
    public List<Step> read(long mission, long afterSeq, int limit) {
        return database.query(connection -> StepRows.after(connection, mission, afterSeq, limit));
    }
}
