package dev.tagma.mission;

import dev.tagma.mission.ChainVerifier.Verdict;
import dev.tagma.mission.step.StepCodec;
import dev.tagma.mission.step.StepContent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How far a chain is proved. */
final class ChainProof {
    private final MissionRecord mission;
    private final List<Head> noted;
    private Head head;
    private Usage usage = Usage.NONE;

    ChainProof(MissionRecord mission, List<Head> checkpoints) {
        this.mission = mission;
        this.noted = new ArrayList<>(checkpoints);
        this.noted.add(mission.head());
        this.head = Head.genesis(mission.uid());
    }

    /** The last step that is proved. */
    long seq() {
        return head.seq();
    }

    /** Proves one more step: null, or what is wrong with it. */
    String add(Step step) {
        String fault = fault(step);
        if (fault == null) {
            head = step.head();
            usage = step.usage();
        }
        return fault;
    }

    /** The verdict where no step follows. */
    Verdict end() {
        Head furthest = noted.stream().max(Comparator.comparingLong(Head::seq)).orElseThrow();
        return furthest.seq() > head.seq() ? new Verdict.CutTail(furthest, head) : new Verdict.Intact(head, head.seq());
    }

    private String fault(Step step) {
        if (step.seq() != head.seq() + 1) {
            return "it is missing, the next one is step " + step.seq();
        }
        if (step.content() != null && !Digest.sha256(step.content()).equals(step.contentDigest())) {
            return "its content is not what was committed";
        }
        if (!head.then(step.epoch(), step.kind(), step.contentDigest()).equals(step.head())) {
            return "its digest does not follow from the step before";
        }
        for (Head each : noted) {
            if (each.seq() == step.seq() && !each.equals(step.head())) {
                return "its digest is " + step.digest().hex() + ", but was noted as "
                        + each.digest().hex();
            }
        }
        if (!follows(step)
                || mission.head().seq() == step.seq() && !mission.usage().equals(step.usage())) {
            return "its usage is not what was counted: " + step.usage();
        }
        return null;
    }

    /** A reply adds at least what it says (failed calls before it may add more); other steps add no tokens, money or iterations. */
    private boolean follows(Step step) {
        Usage after = step.usage();
        if (step.kind() != StepKind.ModelReply) {
            return after.toolCalls() >= usage.toolCalls() && after.equals(withToolCalls(after.toolCalls()));
        }
        Usage said = step.content() == null ? Usage.NONE : said(step);
        return after.iterations() >= usage.iterations()
                && after.modelCalls() >= usage.modelCalls()
                && after.toolCalls() == usage.toolCalls()
                && after.inputTokens() >= usage.inputTokens() + said.inputTokens()
                && after.outputTokens() >= usage.outputTokens() + said.outputTokens()
                && after.costNanos() >= usage.costNanos() + said.costNanos();
    }

    private Usage withToolCalls(long toolCalls) {
        return new Usage(
                usage.iterations(),
                usage.modelCalls(),
                toolCalls,
                usage.inputTokens(),
                usage.outputTokens(),
                usage.costNanos());
    }

    private static Usage said(Step step) {
        StepContent.ModelReply reply = (StepContent.ModelReply) StepCodec.decode(step.kind(), step.content());
        return new Usage(0, 0, 0, reply.inputTokens(), reply.outputTokens(), reply.costNanos());
    }
}
