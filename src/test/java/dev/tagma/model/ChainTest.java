package dev.tagma.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.mission.Reason;
import dev.tagma.mission.Usage;
import dev.tagma.mission.step.Failover;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.StepContent.ModelReply.Stop;
import dev.tagma.model.Chain.Question;
import dev.tagma.model.ChainAnswer.Failed;
import dev.tagma.model.ChainAnswer.Replied;
import dev.tagma.model.ChainAnswer.Unavailable;
import dev.tagma.model.ModelClient.ModelParameters;
import dev.tagma.model.ModelClient.ModelReply;
import dev.tagma.model.ModelClient.ModelRequest;
import dev.tagma.model.ModelException.Kind;
import dev.tagma.model.Pricing.Price;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChainTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Question QUESTION =
            new Question(List.of(new Message.User("a question of thirty letters.")), List.of(), "uid/digest/1");
    private static final RetryPolicy TWICE = new RetryPolicy(2, Duration.ofSeconds(1), 2, Duration.ofSeconds(10));
    /** What the question's 29 bytes are at most. */
    private static final long QUESTION_TOKENS = 18;

    private final FakeTime time = new FakeTime();
    private final Chain chain = new Chain(time, time, time::nanoTime, new Random(1));

    @Test
    void theFirstModelReplies() throws Exception {
        FakeModel second = FakeModel.replying(time, "unasked");

        Replied answer = (Replied) chain.ask(
                List.of(link("primary", FakeModel.replying(time, "yes")), link("backup", second)), QUESTION, MINUTE);

        assertThat(answer.reply().text()).isEqualTo("yes");
        assertThat(answer.reply().model()).isEqualTo("primary");
        assertThat(answer.reply().costNanos()).isEqualTo(100 * 2_000 + 10 * 8_000);
        assertThat(answer.reply().failovers()).isEmpty();
        assertThat(answer.usage()).isEqualTo(new Usage(1, 1, 0, 100, 10, 280_000));
        assertThat(second.requests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"Unreachable", "Timeout", "RateLimited", "InvalidReply"})
    void passingTroubleIsRetriedOnTheSameModel(Kind kind) throws Exception {
        FakeModel model = FakeModel.failing(time, kind, null, 2);

        Replied answer = (Replied) chain.ask(List.of(link("primary", model)), QUESTION, MINUTE);

        assertThat(answer.reply().text()).isEqualTo("at last");
        assertThat(model.requests()).hasSize(3);
        assertThat(time.sleeps()).hasSizeLessThanOrEqualTo(2).allMatch(d -> d.compareTo(Duration.ofSeconds(2)) <= 0);
        assertThat(answer.reply().failovers()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"Unreachable", "Timeout", "RateLimited", "InvalidReply"})
    void afterItsRetriesTheNextModelIsAsked(Kind kind) throws Exception {
        FakeModel first = FakeModel.failing(time, kind);

        Replied answer = (Replied) chain.ask(
                List.of(link("primary", first), link("backup", FakeModel.replying(time, "yes"))), QUESTION, MINUTE);

        assertThat(first.requests()).hasSize(3);
        assertThat(answer.reply().model()).isEqualTo("backup");
        assertThat(answer.reply().failovers()).singleElement().satisfies(failover -> {
            assertThat(failover.type()).isEqualTo(Failover.Type.Model);
            assertThat(failover.from()).isEqualTo("primary");
            assertThat(failover.to()).isEqualTo("backup");
            assertThat(failover.reason()).isEqualTo(kind + ": no luck (3 attempts)");
            assertThat(failover.time()).isBetween(Instant.EPOCH.plusSeconds(3), Instant.EPOCH.plusSeconds(6));
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"AuthenticationFailed", "InvalidRequest"})
    void lastingTroubleGoesToTheNextModelAtOnce(Kind kind) throws Exception {
        FakeModel first = FakeModel.failing(time, kind);

        Replied answer = (Replied) chain.ask(
                List.of(link("primary", first), link("backup", FakeModel.replying(time, "yes"))), QUESTION, MINUTE);

        assertThat(first.requests()).hasSize(1);
        assertThat(time.sleeps()).isEmpty();
        assertThat(answer.reply().failovers()).hasSize(1);
        assertThat(answer.usage().modelCalls()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"InvalidRequest", "InvalidReply"})
    void aModelThatCannotStreamIsAskedForTheWholeReply(Kind kind) throws Exception {
        StringBuilder heard = new StringBuilder();
        List<Boolean> watched = new ArrayList<>();
        ModelClient model = request -> {
            watched.add(request.watched());
            if (request.watched()) {
                throw new ModelException(kind, "no streams here", null, null);
            }
            return new ModelReply("yes", List.of(), 100, 10, Stop.Answer);
        };

        Replied answer = (Replied) chain.ask(List.of(link("primary", model)), QUESTION.heardBy(into(heard)), MINUTE);

        assertThat(answer.reply().text()).isEqualTo("yes");
        assertThat(answer.reply().failovers()).isEmpty();
        assertThat(watched).containsExactly(true, false);
        assertThat(time.sleeps()).isEmpty();
        assertThat(heard).isEmpty();
    }

    @Test
    void aStreamThatBreaksOffAfterItsFirstWordIsTroubleLikeAnyOther() throws Exception {
        StringBuilder heard = new StringBuilder();
        List<Boolean> watched = new ArrayList<>();
        ModelClient model = request -> {
            watched.add(request.watched());
            request.listener().wrote("I think");
            if (watched.size() < 3) {
                throw new ModelException(Kind.InvalidReply, "broke off", null, null);
            }
            return new ModelReply("I think so", List.of(), 100, 10, Stop.Answer);
        };

        chain.ask(List.of(link("primary", model)), QUESTION.heardBy(into(heard)), MINUTE);

        assertThat(watched).containsExactly(true, true, true);
        assertThat(time.sleeps()).hasSize(2);
        assertThat(heard).hasToString("I think");
    }

    private static ReplyListener into(StringBuilder heard) {
        return new ReplyListener() {
            @Override
            public void wrote(String piece) {
                heard.append(piece);
            }

            @Override
            public void restarted() {
                heard.setLength(0);
            }
        };
    }

    @Test
    void refusedContentIsShownToNoOtherModel() throws Exception {
        FakeModel second = FakeModel.replying(time, "unasked");
        for (FakeModel first : List.of(FakeModel.failing(time, Kind.ContentRefused), FakeModel.refusing(time))) {
            ChainAnswer answer = chain.ask(List.of(link("primary", first), link("backup", second)), QUESTION, MINUTE);

            assertThat(answer).isInstanceOfSatisfying(Failed.class, failed -> {
                assertThat(failed.reason()).isEqualTo(Reason.ContentRefused);
                assertThat(failed.detail()).startsWith("primary: ");
                assertThat(failed.usage().modelCalls()).isEqualTo(1);
                assertThat(failed.usage().iterations()).isZero();
                assertThat(failed.usage().inputTokens()).isPositive();
            });
            assertThat(first.requests()).hasSize(1);
        }
        assertThat(second.requests()).isEmpty();
    }

    @Test
    void whereAllFailForGoodTheQuestionFails() throws Exception {
        ChainAnswer answer = chain.ask(
                List.of(
                        link("primary", FakeModel.failing(time, Kind.AuthenticationFailed)),
                        link("backup", FakeModel.failing(time, Kind.InvalidRequest))),
                QUESTION,
                MINUTE);

        assertThat(answer)
                .isEqualTo(new Failed(
                        Reason.ModelFailed,
                        "primary: AuthenticationFailed: no luck; backup: InvalidRequest: no luck",
                        Usage.NONE));
    }

    @Test
    void whereOneMayComeBackTheQuestionMayBeAskedLater() throws Exception {
        ChainAnswer answer = chain.ask(
                List.of(
                        link("primary", FakeModel.failing(time, Kind.RateLimited, Duration.ofSeconds(30), 99)),
                        link("backup", FakeModel.failing(time, Kind.AuthenticationFailed))),
                QUESTION,
                MINUTE);

        assertThat(answer)
                .isEqualTo(new Unavailable(
                        "primary: RateLimited: no luck; backup: AuthenticationFailed: no luck",
                        Duration.ofSeconds(30),
                        Usage.NONE));
    }

    @Test
    void retryAfterIsHonoured() throws Exception {
        FakeModel model = FakeModel.failing(time, Kind.RateLimited, Duration.ofSeconds(7), 1);

        assertThat(chain.ask(List.of(link("primary", model)), QUESTION, MINUTE)).isInstanceOf(Replied.class);

        assertThat(time.sleeps())
                .singleElement()
                .satisfies(d -> assertThat(d).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8)));
    }

    @Test
    void aRetryAfterBeyondTheTableGoesToTheNextModel() throws Exception {
        FakeModel first = FakeModel.failing(time, Kind.RateLimited, Duration.ofSeconds(11), 1);

        Replied answer = (Replied) chain.ask(
                List.of(link("primary", first), link("backup", FakeModel.replying(time, "yes"))), QUESTION, MINUTE);

        assertThat(answer.reply().model()).isEqualTo("backup");
        assertThat(time.sleeps()).isEmpty();
    }

    @Test
    void nothingWaitsLongerThanTheMissionHasLeft() throws Exception {
        FakeModel model = FakeModel.failing(time, Kind.RateLimited, Duration.ofSeconds(7), 99);

        ChainAnswer answer = chain.ask(List.of(link("primary", model)), QUESTION, Duration.ofSeconds(5));

        assertThat(answer).isInstanceOf(Unavailable.class);
        assertThat(model.requests()).hasSize(1);
        assertThat(time.sleeps()).isEmpty();
    }

    @Test
    void anAttemptIsCutToWhatTheMissionHasLeft() throws Exception {
        FakeModel first = FakeModel.failing(time, Kind.AuthenticationFailed);
        FakeModel second = FakeModel.replying(time, "yes");
        FakeModel third = FakeModel.replying(time, "yes");

        chain.ask(List.of(link("a", first), link("b", second)), QUESTION, Duration.ofSeconds(5));
        chain.ask(List.of(link("c", third)), QUESTION, MINUTE);

        assertThat(first.requests()).extracting(ModelRequest::timeout).containsExactly(Duration.ofSeconds(5));
        assertThat(second.requests()).extracting(ModelRequest::timeout).containsExactly(Duration.ofSeconds(4));
        assertThat(third.requests()).extracting(ModelRequest::timeout).containsExactly(Duration.ofSeconds(20));
    }

    @Test
    void withNoTimeLeftNobodyIsAsked() throws Exception {
        FakeModel model = FakeModel.replying(time, "unasked");

        ChainAnswer answer = chain.ask(List.of(link("primary", model)), QUESTION, Duration.ZERO);

        assertThat(answer)
                .isEqualTo(new Unavailable("primary: the mission has no time left", Duration.ZERO, Usage.NONE));
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void attemptsThatTheProviderMayChargeAreCounted() throws Exception {
        ChainAnswer answer =
                chain.ask(List.of(link("primary", FakeModel.failing(time, Kind.Timeout, null, 2))), QUESTION, MINUTE);

        assertThat(answer.usage())
                .isEqualTo(new Usage(1, 3, 0, 100 + 2 * QUESTION_TOKENS, 10, 280_000 + 2 * QUESTION_TOKENS * 2_000));
    }

    @Test
    void eachModelHasItsOwnIdempotencyKeyAndKeepsIt() throws Exception {
        FakeModel first = FakeModel.failing(time, Kind.Unreachable);
        FakeModel second = FakeModel.replying(time, "yes");

        chain.ask(List.of(link("primary", first), link("backup", second)), QUESTION, MINUTE);

        assertThat(first.requests()).extracting(ModelRequest::idempotencyKey).containsOnly("uid/digest/1/primary");
        assertThat(second.requests()).extracting(ModelRequest::idempotencyKey).containsOnly("uid/digest/1/backup");
    }

    @Test
    void anInterruptEndsTheQuestionInTheMiddleOfAWait() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        Chain patient = new Chain(
                duration -> {
                    waiting.countDown();
                    Thread.sleep(Duration.ofHours(1));
                },
                time,
                time::nanoTime,
                new Random(1));
        AtomicReference<Exception> end = new AtomicReference<>();
        Thread asking = Thread.ofVirtual().start(() -> {
            try {
                patient.ask(
                        List.of(link("primary", FakeModel.failing(time, Kind.RateLimited, Duration.ofSeconds(1), 99))),
                        QUESTION,
                        MINUTE);
            } catch (InterruptedException e) {
                end.set(e);
            }
        });
        waiting.await();

        asking.interrupt();

        assertThat(asking.join(Duration.ofSeconds(10))).isTrue();
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void anEstimateIsTheDearestModelsMost() {
        ModelLink cheap = link("cheap", FakeModel.replying(time, ""));
        ModelLink dear = new ModelLink(
                "dear",
                cheap.client(),
                new ModelParameters(null, null),
                TWICE,
                new Price(1_000_000_000L, 1_000_000_000L),
                MINUTE);

        ModelCalls.Estimate estimate =
                Chain.estimate(List.of(cheap, dear), QUESTION, new ModelCalls.Budget(1_000, 2_000));

        assertThat(estimate.tokens()).isEqualTo(QUESTION_TOKENS + Chain.DEFAULT_OUTPUT_TOKENS);
        assertThat(estimate.costNanos())
                .isEqualTo(Math.max(
                        QUESTION_TOKENS * 2_000 + 1_000 * 8_000,
                        (QUESTION_TOKENS + Chain.DEFAULT_OUTPUT_TOKENS) * 1_000));
        assertThat(estimate.budget()).isEqualTo(new ModelCalls.Budget(1_000, 2_000));
    }

    @Test
    void aChainWithoutModelsIsRefused() {
        assertThatThrownBy(() -> chain.ask(List.of(), QUESTION, MINUTE)).hasMessageContaining("at least one model");
    }

    private static ModelLink link(String name, ModelClient client) {
        return new ModelLink(
                name,
                client,
                new ModelParameters(0.2, 1_000),
                TWICE,
                new Price(2_000_000_000L, 8_000_000_000L),
                Duration.ofSeconds(20));
    }
}
