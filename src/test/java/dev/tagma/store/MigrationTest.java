package dev.tagma.store;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MigrationTest {
    @Test
    void aServerThatIsTooOldIsRefusedByItsVersion() {
        assertThatThrownBy(() -> Migration.refuseOlder(Migration.OLDEST - 1))
                .isInstanceOf(DatabaseRefusedException.class)
                .hasMessage("the database is a Postgres 14, and Tagma needs 15 or newer");
    }

    @Test
    void theOldestThatIsNeededServes() {
        assertThatCode(() -> Migration.refuseOlder(Migration.OLDEST)).doesNotThrowAnyException();
    }
}
