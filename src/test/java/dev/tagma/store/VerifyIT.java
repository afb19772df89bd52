package dev.tagma.store;

import static dev.tagma.store.Steps.append;
import static dev.tagma.store.Steps.first;
import static dev.tagma.store.Steps.observation;
import static dev.tagma.store.Steps.reply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.Append;
import dev.tagma.mission.ChainVerifier;
import dev.tagma.mission.ChainVerifier.Verdict;
import dev.tagma.mission.ChainVerifier.Verdict.Broken;
import dev.tagma.mission.ChainVerifier.Verdict.CutTail;
import dev.tagma.mission.ChainVerifier.Verdict.Intact;
import dev.tagma.mission.Claim;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VerifyIT {
    private static final Usage FIVE_STEPS = new Usage(3, 3, 2, 300, 30, 3_000);

    private JdbcStoreFixture store;
    private Claim claim;
    private Head end;

    @BeforeEach
    void commitFiveSteps() {
        store = new JdbcStoreFixture();
        claim = store.running();
        Append one = first(claim, reply("a"), observation("b"));
        store.steps().commit(one);
        claim = store.handOver(claim);
        Append two = append(claim, one.head(), reply("c"), observation("d"), reply("e"));
        store.steps().commit(two);
        end = two.head();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Verdict verify(Head... checkpoints) {
        return new ChainVerifier(store.steps()).verify(record(end, FIVE_STEPS), List.of(checkpoints));
    }

    private MissionRecord record(Head head, Usage usage) {
        return new MissionRecord(
                claim.mission(),
                claim.uid(),
                "carbon",
                "m",
                UUID.randomUUID(),
                1,
                0,
                Reason.Running,
                "",
                claim.epoch(),
                0,
                head,
                usage,
                Usage.NONE,
                0,
                0,
                Duration.ZERO,
                null,
                List.of(),
                Instant.EPOCH,
                null,
                null,
                null,
                null,
                "platform",
                "analysts",
                1);
    }

    private void corrupt(String sql) {
        assertThat(store.execute(sql + " and mission = " + claim.mission())).isPositive();
    }

    @Test
    void untouchedChainIsIntact() {
        assertThat(verify(end)).isEqualTo(new Intact(end, 5));
        assertThat(new ChainVerifier(store.steps()).verify(record(Head.genesis(claim.uid()), Usage.NONE), List.of()))
                .as("the row of a running mission notes an older head")
                .isEqualTo(new Intact(end, 5));
    }

    @Test
    void expiredContentIsStillProved() {
        corrupt("update mission_step set content = null where seq <= 4");
        assertThat(verify()).isEqualTo(new Intact(end, 5));
    }

    @Test
    void changedContentIsFound() {
        corrupt("update mission_step set content = set_byte(content, 9, 33) where seq = 2");
        assertThat(verify()).isInstanceOfSatisfying(Broken.class, broken -> {
            assertThat(broken.seq()).isEqualTo(2);
            assertThat(broken.why()).contains("content");
        });
    }

    @Test
    void contentExchangedWithItsDigestIsFound() {
        corrupt("update mission_step set content = 'x', content_digest = sha256('x') where seq = 3");
        assertThat(verify())
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.seq()).isEqualTo(3));
    }

    @Test
    void changedDigestIsFound() {
        corrupt("update mission_step set digest = set_byte(digest, 0, get_byte(digest, 0) # 1) where seq = 4");
        assertThat(verify())
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.seq()).isEqualTo(4));
    }

    @Test
    void changedEpochIsFound() {
        corrupt("update mission_step set epoch = 9 where seq = 1");
        assertThat(verify())
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.seq()).isOne());
    }

    @Test
    void stepThatIsNoStepIsFound() {
        corrupt("update mission_step set kind = 77 where seq = 4");
        assertThat(verify()).isInstanceOfSatisfying(Broken.class, broken -> {
            assertThat(broken.seq()).isEqualTo(4);
            assertThat(broken.why()).contains("77");
        });
    }

    @Test
    void missingStepIsFound() {
        corrupt("delete from mission_step where seq = 2");
        assertThat(verify())
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.seq()).isEqualTo(2));
    }

    @Test
    void tailTruncationFound() {
        Head cut = store.steps().read(claim.mission(), 3, 1).getFirst().head();
        corrupt("delete from mission_step where seq = 5");
        assertThat(verify()).isEqualTo(new CutTail(end, cut));
        assertThat(new ChainVerifier(store.steps())
                        .verify(record(cut, new Usage(2, 2, 2, 200, 20, 2_000)), List.of(end)))
                .as("the row was cut with it, status was not")
                .isEqualTo(new CutTail(end, cut));
    }

    @Test
    void wholeChainGoneIsFound() {
        corrupt("delete from mission_step where seq > 0");
        assertThat(verify()).isEqualTo(new CutTail(end, Head.genesis(claim.uid())));
    }

    @Test
    void wrongTotalsAreFound() {
        corrupt("update mission_step set usage_input = usage_input - 100 where seq = 3");
        assertThat(verify())
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.seq()).isEqualTo(3));
    }

    @Test
    void lastTotalsMustBeTheRows() {
        corrupt("update mission_step set usage_cost_nanos = usage_cost_nanos + 1 where seq = 5");
        assertThat(verify())
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.why()).contains("usage"));
    }

    @Test
    void anotherChainThanTheCheckpointsIsFound() {
        Head other = append(claim, Head.genesis(claim.uid()), reply("other")).head();
        assertThat(verify(other))
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.seq()).isOne());
    }
}
