package dev.tagma.agent;

import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Digest;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.StepLog;
import dev.tagma.mission.StepLog.Tail;
import dev.tagma.mission.Usage;
import dev.tagma.mission.link.GatewaySession.ModelAnswer;
import dev.tagma.mission.link.GatewaySession.ModelAsk;
import dev.tagma.mission.link.GatewaySession.ToolAnswer;
import dev.tagma.mission.link.Start;
import dev.tagma.mission.step.StepCodec;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** One mission as store and gateway have it, in memory: its chain, its owner, and the model that it talks to. */
public final class FakeMission {
    private static final AnswerJudge JUDGE = new AnswerJudge();

    private final UUID uid;
    private final long id;
    private final MissionSpec spec;
    private final PoolRevision pool;
    private final List<Turn> script;
    private final List<Step> steps = new ArrayList<>();
    private final List<Release> releases = new ArrayList<>();
    private final List<ModelAsk> asks = new ArrayList<>();
    private final Map<String, Function<ToolCall, ToolAnswer>> outside = new HashMap<>();
    private Duration timeLeft = Duration.ofMinutes(5);
    private int attempts;
    private long epoch = 1;
    private Outcome outcome;

    /** A mission whose model takes one turn of {@code script} per committed reply, and repeats the last one for ever. */
    public FakeMission(long id, MissionSpec spec, AgentPoolSpec pool, Turn... script) {
        this.uid = new UUID(7, id);
        this.id = id;
        this.spec = spec;
        this.pool = new PoolRevision(new UUID(1, 1), 1, "default", "pool", pool, Map.of());
        this.script = List.of(script);
    }

    public synchronized Claim claim() {
        return new Claim(id, uid, epoch);
    }

    public synchronized Start start() {
        return new Start(claim(), "default/m" + id, spec, pool, head(), tail(), timeLeft, attempts);
    }

    public synchronized Tail tail() {
        int from = Math.max(0, steps.size() - StepLog.WINDOW);
        int reply = steps.size() - 1;
        while (reply > 0 && steps.get(reply).kind() != StepKind.ModelReply) {
            reply--;
        }
        Step plan = steps.stream().filter(step -> step.kind() == StepKind.Plan).reduce(null, (a, b) -> b);
        return new Tail(
                steps.subList(Math.min(from, Math.max(reply, 0)), steps.size()),
                plan,
                steps.isEmpty() ? Usage.NONE : steps.getLast().usage());
    }

    public synchronized Head head() {
        return steps.isEmpty() ? Head.genesis(uid) : steps.getLast().head();
    }

    /** Another owner takes over: the epoch rises. */
    public synchronized Claim takeOver() {
        epoch++;
        return claim();
    }

    /** The store loses the steps after the first {@code kept}, as a failover to a lagging standby would. */
    public synchronized void lose(int kept) {
        steps.subList(kept, steps.size()).clear();
    }

    public synchronized FakeMission timeLeft(Duration left) {
        timeLeft = left;
        return this;
    }

    public synchronized FakeMission attempts(int number) {
        attempts = number;
        return this;
    }

    public synchronized FakeMission outside(String tool, Function<ToolCall, ToolAnswer> answer) {
        outside.put(tool, answer);
        return this;
    }

    public synchronized Outcome outcome() {
        return outcome;
    }

    public synchronized List<Release> releases() {
        return List.copyOf(releases);
    }

    public synchronized List<ModelAsk> asks() {
        return List.copyOf(asks);
    }

    public synchronized List<StepContent> contents() {
        return steps.stream()
                .map(step -> StepCodec.decode(step.kind(), step.content()))
                .toList();
    }

    /** A step of a format that this binary does not know. */
    public synchronized void appendBytes(byte[] content) {
        Digest digest = Digest.sha256(content);
        Head next = head().then(epoch, StepKind.ModelReply, digest);
        steps.add(new Step(
                next.seq(), epoch, StepKind.ModelReply, content, digest, next.digest(), Usage.NONE, Instant.EPOCH));
    }

    synchronized boolean owns(Claim claim) {
        return outcome == null && claim.equals(claim());
    }

    synchronized CommitResult append(Claim claim, List<StepContent> contents, Outcome finish) {
        if (!owns(claim)) {
            return new CommitResult.Fenced(epoch);
        }
        List<NewStep> added = contents.stream()
                .map(content -> NewStep.of(content, usage(content)))
                .toList();
        Append append = new Append(claim, head(), added, finish);
        List<Head> heads = append.heads();
        for (int i = 0; i < added.size(); i++) {
            NewStep step = added.get(i);
            Usage before = steps.isEmpty() ? Usage.NONE : steps.getLast().usage();
            steps.add(new Step(
                    heads.get(i).seq(),
                    epoch,
                    step.kind(),
                    step.content(),
                    step.contentDigest(),
                    heads.get(i).digest(),
                    before.plus(step.usage()),
                    Instant.EPOCH));
        }
        outcome = finish;
        return new CommitResult.Committed(head());
    }

    /** What a runtime sends: what is stored already is answered, a head that is not stored is Behind. */
    synchronized CommitResult commit(Claim claim, Head believed, List<StepContent> contents) {
        if (!owns(claim)) {
            return new CommitResult.Fenced(epoch);
        }
        if (believed.seq() > head().seq()) {
            return new CommitResult.Behind(head());
        }
        List<StepContent> stored = contents();
        List<StepContent> missing = contents.stream()
                .filter(content -> !isStored(content, believed, stored))
                .toList();
        return missing.isEmpty() ? new CommitResult.Committed(head()) : append(claim, missing, null);
    }

    ModelAnswer ask(Claim claim, ModelAsk ask) throws InterruptedException {
        Turn turn;
        synchronized (this) {
            if (!owns(claim)) {
                return new ModelAnswer.Lost();
            }
            asks.add(ask);
            long replies = steps.stream()
                    .filter(step -> step.kind() == StepKind.ModelReply)
                    .count();
            turn = script.get((int) Math.min(replies, script.size() - 1));
        }
        ModelAnswer answer = turn.take(this, ask);
        synchronized (this) {
            return claim.epoch() == epoch ? answer : new ModelAnswer.Lost();
        }
    }

    /** The gateway's part: commits the reply and judges it. */
    public synchronized ModelAnswer reply(StepContent.ModelReply reply) {
        if (!reply.toolCalls().isEmpty()) {
            append(claim(), List.of(reply), null);
            return new ModelAnswer.Replied(reply, head());
        }
        return switch (JUDGE.judge(spec.outputSchema(), reply)) {
            case AnswerJudge.Verdict.Answer answer -> {
                Outcome end = Outcome.succeeded(answer.summary(), answer.output());
                append(claim(), List.of(reply), end);
                yield new ModelAnswer.Finished(reply, end);
            }
            case AnswerJudge.Verdict.Unfit unfit -> {
                append(claim(), List.of(reply), null);
                yield new ModelAnswer.Unfit(reply, head(), unfit.problem());
            }
        };
    }

    /** The gateway's part for outside tools: an observed call is answered from the chain, never made again. */
    ToolAnswer callTool(Claim claim, long reply, ToolCall call) {
        Function<ToolCall, ToolAnswer> tool;
        synchronized (this) {
            if (!owns(claim)) {
                return new ToolAnswer.Lost();
            }
            tool = outside.get(call.tool());
        }
        ToolAnswer answer = tool.apply(call);
        if (!(answer instanceof ToolAnswer.Observed observed)) {
            return answer;
        }
        synchronized (this) {
            return append(claim, List.of(observed.observation()), null) instanceof CommitResult.Committed
                    ? new ToolAnswer.Observed(observed.observation(), head())
                    : new ToolAnswer.Lost();
        }
    }

    synchronized boolean release(Claim claim, Release release) {
        if (!owns(claim)) {
            return false;
        }
        releases.add(release);
        epoch++;
        return true;
    }

    private static boolean isStored(StepContent content, Head believed, List<StepContent> stored) {
        return stored.stream().skip(believed.seq()).anyMatch(content::equals);
    }

    private static Usage usage(StepContent content) {
        return switch (content) {
            case StepContent.ModelReply r -> new Usage(1, 1, 0, r.inputTokens(), r.outputTokens(), r.costNanos());
            case StepContent.Observation o -> Usage.TOOL_CALL;
            case StepContent.Plan p -> Usage.TOOL_CALL;
            case StepContent.Feedback f -> Usage.NONE;
            case StepContent.ToolStarted s -> Usage.NONE;
        };
    }
}
