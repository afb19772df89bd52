package dev.tagma.mission;

import java.util.List;

/** Proves a mission's steps: that none was changed, left out or cut off since the head of their chain was noted. */
public final class ChainVerifier {
    private static final int PAGE = 200;

    private final StepLog log;

    public ChainVerifier(StepLog log) {
        this.log = log;
    }

    /**
     * Reads all steps of the mission. Their chain must pass through the head and the usage that the mission's row notes, and through the
     * heads that were noted elsewhere, such as {@code status.checkpoint}; it may go on behind them.
     */
    public Verdict verify(MissionRecord mission, List<Head> checkpoints) {
        ChainProof proof = new ChainProof(mission, checkpoints);
        int page = PAGE;
        while (true) {
            List<Step> steps;
            try {
                steps = log.read(mission.id(), proof.seq(), page);
            } catch (IllegalArgumentException e) {
                if (page == 1) {
                    return new Verdict.Broken(proof.seq() + 1, "it cannot be read: " + e.getMessage());
                }
                // Something in this page is no step at all: one by one up to it.
                page = 1;
                continue;
            }
            if (steps.isEmpty()) {
                return proof.end();
            }
            for (Step step : steps) {
                String fault = proof.add(step);
                if (fault != null) {
                    return new Verdict.Broken(proof.seq() + 1, fault);
                }
            }
        }
    }

    /** What the proof found. */
    public sealed interface Verdict {
        /** Every step is the one that was committed. */
        record Intact(Head head, long steps) implements Verdict {}

        /** Step {@code seq} is not the one that was committed. */
        record Broken(long seq, String why) implements Verdict {}

        /** The chain ends at {@code found}; it had reached {@code expected}. */
        record CutTail(Head expected, Head found) implements Verdict {}
    }
}
