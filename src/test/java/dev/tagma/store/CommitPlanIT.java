package dev.tagma.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The plan (of parameters that the planner does not know) that the committers make while the tables are empty, and keep. */
class CommitPlanIT {
    @Test
    void planOfEmptyTablesReachesEveryTableByKey() throws Exception {
        try (JdbcStoreFixture store = new JdbcStoreFixture()) {
            List<String> plan = store.database()
                    .committers()
                    .attempt(
                            connection -> Sql.list(
                                    connection,
                                    "explain " + CommitStatement.WHOLE.replace("?", "(select null)"),
                                    row -> row.getString(1)),
                            true);
            assertThat(plan).noneMatch(line -> line.contains("Seq Scan on "));
            for (int i = 0; i < plan.size(); i++) {
                if (plan.get(i).matches(".*Index (Only )?Scan .*")) {
                    assertThat(plan.get(i + 1)).as(String.join("\n", plan)).contains("Index Cond");
                }
            }
        }
    }
}
