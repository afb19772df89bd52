package dev.tagma.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.StepLog;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.Feedback.Topic;
import dev.tagma.mission.step.StepContent.ModelReply.Stop;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.mission.step.ToolCall;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConversationTest {
    private final Conversation conversation = new Conversation();

    private static StepContent.ModelReply reply(String... callIds) {
        List<ToolCall> calls =
                List.of(callIds).stream().map(id -> new ToolCall(id, "t", "{}")).toList();
        return new StepContent.ModelReply("text", calls, "m", 1, 1, 1, Stop.ToolCalls, List.of());
    }

    private static Observation observation(String callId) {
        return new Observation(1, callId, "t", "out " + callId, Observation.Result.Ok, 0);
    }

    @Test
    void resultsFollowInTheOrderOfTheCallsHoweverTheyCameIn() {
        List.of(reply("a", "b", "c"), observation("c"), observation("a"), observation("b"))
                .forEach(conversation::add);
        assertThat(conversation.window().stream().skip(1))
                .extracting(message -> ((Message.ToolResult) message).callId())
                .containsExactly("a", "b", "c");
    }

    @Test
    void wholeExchangesLeaveTheWindow() {
        for (int i = 0; i < 100; i++) {
            conversation.add(reply("a" + i, "b" + i));
            conversation.add(observation("a" + i));
            conversation.add(observation("b" + i));
        }
        assertThat(conversation.window()).hasSize(48).first().isInstanceOf(Message.Assistant.class);
    }

    @Test
    void theLastExchangeStaysWholeHoweverLongItIs() {
        conversation.add(reply());
        String[] ids = IntStream.range(0, 64).mapToObj(i -> "c" + i).toArray(String[]::new);
        conversation.add(reply(ids));
        for (String id : ids) {
            conversation.add(observation(id));
        }
        assertThat(conversation.window()).hasSize(65).first().isInstanceOf(Message.Assistant.class);
    }

    @Test
    void aResultThatNobodyAskedForAndASecondOneAreLeftOut() {
        List.of(observation("x"), reply("a"), observation("a"), observation("a"), observation("y"))
                .forEach(conversation::add);
        assertThat(conversation.window()).hasSize(2);
    }

    @Test
    void callsThatWereNeverAnsweredAreNotShownOnceTheConversationGoesOn() {
        List.of(reply("a", "b"), observation("b"), reply()).forEach(conversation::add);
        assertThat(((Message.Assistant) conversation.window().getFirst()).toolCalls())
                .extracting(ToolCall::id)
                .containsExactly("b");
    }

    @Test
    void thePlanAndFeedbackAreShown() {
        conversation.add(reply("p"));
        conversation.add(new StepContent.Plan(1, "p", List.of()));
        conversation.add(new StepContent.Feedback(Topic.Repetition, "stop it"));
        assertThat(conversation.window())
                .endsWith(new Message.ToolResult("p", "t", "The plan is noted.", false), new Message.User("stop it"));
    }

    /** Property: whatever the history, every result follows its reply, and the window is bounded. */
    @Test
    void whateverTheHistoryEveryResultFollowsItsReplyAndTheWindowIsBounded() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            Conversation any = new Conversation();
            List<String> open = new ArrayList<>();
            int lastExchange = 0;
            for (int i = 0; i < 120; i++) {
                StepContent step = switch (random.nextInt(6)) {
                    case 0 -> new StepContent.Feedback(Topic.OutputInvalid, "f" + i);
                    case 1 -> {
                        int at = i;
                        open = new ArrayList<>(IntStream.range(0, random.nextInt(6))
                                .mapToObj(n -> "c" + at + "." + n)
                                .toList());
                        Collections.shuffle(open, random);
                        lastExchange = 0;
                        yield reply(open.toArray(String[]::new));
                    }
                    case 2 -> new StepContent.ToolStarted(1, "c", "t");
                    default -> observation(open.isEmpty() ? "orphan" + i : open.get(random.nextInt(open.size())));
                };
                any.add(step);
                lastExchange++;
                check(seed, any.window(), Math.max(StepLog.WINDOW, lastExchange));
            }
        }
    }

    private static void check(int seed, List<Message> window, int most) {
        Set<String> asked = Set.of();
        Set<String> seen = new HashSet<>();
        for (Message message : window) {
            switch (message) {
                case Message.Assistant reply -> {
                    asked = new HashSet<>(
                            reply.toolCalls().stream().map(ToolCall::id).toList());
                    seen.clear();
                }
                case Message.ToolResult result -> {
                    assertThat(asked).as("seed %d", seed).contains(result.callId());
                    assertThat(seen.add(result.callId())).as("seed %d", seed).isTrue();
                }
                case Message.User user -> asked = Set.of();
                case Message.System system -> assertThat(system).isNull();
            }
        }
        assertThat(window).as("seed %d", seed).hasSizeLessThanOrEqualTo(most);
    }
}
