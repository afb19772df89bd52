package dev.tagma.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.agent.AnswerJudge;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Head;
import dev.tagma.mission.StepLog;
import dev.tagma.mission.Usage;
import dev.tagma.mission.link.GatewaySession.ModelAnswer;
import dev.tagma.mission.link.GatewaySession.ModelAsk;
import dev.tagma.mission.link.Start;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.model.Chain;
import dev.tagma.model.ModelCalls;
import dev.tagma.model.ModelClient.ModelParameters;
import dev.tagma.model.ModelClient.ModelReply;
import dev.tagma.model.ModelLink;
import dev.tagma.model.Pricing.Price;
import dev.tagma.model.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ModelDeskTest {
    private static final UUID UID = UUID.fromString("0b8f6f0e-0000-4000-8000-000000000001");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch mayReply = new CountDownLatch(1);
    private final FakeStepLog log = new FakeStepLog();
    private final Ledger ledger = new Ledger(
            new Start(
                    new Claim(7, UID, 3),
                    "n/m",
                    new JsonMapper().convertValue(Map.of("goal", "go", "maxIterations", 1), MissionSpec.class),
                    null,
                    Head.genesis(UID),
                    StepLog.Tail.EMPTY,
                    Duration.ofMinutes(5),
                    0),
            System.nanoTime(),
            log,
            tool -> false);

    /** A runtime whose line broke asks again on its new one, while the replica still waits for the model. */
    @Test
    void aQuestionThatIsRepeatedWhileItIsAskedIsAnsweredWithItsReply() throws Exception {
        ModelDesk desk = new ModelDesk(
                new ModelDesk.Asking(
                        (pool, agent) -> List.of(model()),
                        new Chain(Thread::sleep, Instant::now, System::nanoTime, new Random(1)),
                        new AnswerJudge(),
                        ReplyFeed.NONE),
                new Book(),
                null,
                new ModelDesk.Time(System::nanoTime, Thread::sleep));
        List<FutureTask<ModelAnswer>> answers = List.of(question(desk), question(desk));
        List<Thread> lines = answers.stream().map(Thread::new).toList();
        lines.forEach(Thread::start);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> asked.get() > 0
                        && lines.stream().allMatch(line -> waiting().contains(line.getState())));
        mayReply.countDown();
        for (FutureTask<ModelAnswer> answer : answers) {
            assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            ModelAnswer.Replied.class,
                            replied -> assertThat(replied.head()).isEqualTo(ledger.head()));
        }
        assertThat(asked).as("what is paid for").hasValue(1);
        assertThat(log.steps()).hasSize(1);
    }

    private static Set<Thread.State> waiting() {
        return Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);
    }

    private FutureTask<ModelAnswer> question(ModelDesk desk) {
        ModelAsk ask = new ModelAsk(List.of(new Message.User("go")), List.of(), false);
        return new FutureTask<>(() -> desk.call(ledger, Head.genesis(UID), ask));
    }

    private ModelLink model() {
        return new ModelLink(
                "primary",
                request -> {
                    asked.incrementAndGet();
                    mayReply.await();
                    return new ModelReply(
                            "",
                            List.of(new ToolCall("a", "calculator", "{}")),
                            1,
                            1,
                            StepContent.ModelReply.Stop.ToolCalls);
                },
                new ModelParameters(null, null),
                RetryPolicy.DEFAULT,
                Price.FREE,
                Duration.ofMinutes(1));
    }

    /** The book of one mission. */
    private final class Book implements ModelCalls {
        private final Set<Long> valid = ConcurrentHashMap.newKeySet();

        @Override
        public synchronized Reservation reserve(Claim claim, long baseSeq, Estimate estimate, Duration validity) {
            if (baseSeq != log.steps().size()) {
                return new Reservation.Moved();
            }
            Reserved call = new Reserved(claim, baseSeq, 1);
            return valid.add(baseSeq)
                    ? new Reservation.Granted(call)
                    : new Reservation.InFlight(call, Duration.ofMillis(1));
        }

        @Override
        public synchronized CommitResult settle(Reserved call, Append append) {
            valid.remove(call.baseSeq());
            for (int i = 0; i < append.steps().size(); i++) {
                log.add(
                        append.heads().get(i),
                        append.claim().epoch(),
                        append.steps().get(i));
            }
            return new CommitResult.Committed(append.head());
        }

        @Override
        public void renew(Collection<Reserved> calls, Duration validity) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void release(Reserved call) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void charge(Reserved call, Usage usage) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Usage lapsed(long mission) {
            throw new UnsupportedOperationException();
        }
    }
}
