package dev.tagma.mission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class HeadTest {
    private static final UUID MISSION = UUID.fromString("0b8f6f0e-0000-4000-8000-000000000001");
    private static final Digest CONTENT = Digest.sha256("hello".getBytes());

    @Test
    void twoMissionsNeverShareAChain() {
        assertThat(Head.genesis(MISSION)).isNotEqualTo(Head.genesis(UUID.randomUUID()));
        assertThat(Head.genesis(MISSION)).isEqualTo(Head.genesis(MISSION));
    }

    @Test
    void everyPartOfTheHeaderCounts() {
        Head genesis = Head.genesis(MISSION);
        Head next = genesis.then(1, StepKind.ModelReply, CONTENT);
        assertThat(next.seq()).isEqualTo(1);
        assertThat(next).isEqualTo(genesis.then(1, StepKind.ModelReply, CONTENT));
        assertThat(next.digest())
                .isNotEqualTo(genesis.then(2, StepKind.ModelReply, CONTENT).digest());
        assertThat(next.digest())
                .isNotEqualTo(genesis.then(1, StepKind.Plan, CONTENT).digest());
        assertThat(next.digest())
                .isNotEqualTo(genesis.then(1, StepKind.ModelReply, Digest.sha256("hallo".getBytes()))
                        .digest());
        assertThat(next.then(1, StepKind.Plan, CONTENT).digest())
                .isNotEqualTo(genesis.then(1, StepKind.Plan, CONTENT).digest());
    }
}
