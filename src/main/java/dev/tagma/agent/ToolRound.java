package dev.tagma.agent;

import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.Reason;
import dev.tagma.mission.link.GatewaySession.ToolAnswer;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.mission.step.ToolCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Runs the open calls of one reply, at most {@link #PARALLEL} at a time, each on a thread of its own. A call that overruns its time is
 * interrupted and left to itself: nobody waits for one that does not care.
 */
final class ToolRound {
    /** Calls of one mission that run at the same time. */
    static final int PARALLEL = 8;

    private static final int MAX_MESSAGE = 1_000;

    private final AgentTools tools;
    private final MissionLink link;
    private final MissionControl control;
    private final AlarmClock clock;
    private final Progress.Move.Run move;
    private final Consumer<StepContent> observed;
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Flight[] flights;
    private int launched;
    private int flying;
    private String personNeeded;

    /** {@code observed} is told of each committed step. */
    ToolRound(MissionParts parts, Progress.Move.Run move, Consumer<StepContent> observed) {
        this.tools = parts.tools();
        this.link = parts.link();
        this.control = parts.control();
        this.clock = parts.clock();
        this.move = move;
        this.observed = observed;
        this.flights = new Flight[move.calls().size()];
    }

    /** What a round works with. */
    record MissionParts(AgentTools tools, MissionLink link, MissionControl control, AlarmClock clock) {}

    private record Flight(Thread thread, AlarmClock.Alarm timeout) {
        void land() {
            timeout.close();
        }

        void abandon() {
            timeout.close();
            thread.interrupt();
        }
    }

    private sealed interface Event {
        int call();

        record Performed(int call, StepContent step) implements Event {}

        record Answered(int call, ToolAnswer answer) implements Event {}

        record TimedOut(int call, Duration after) implements Event {}

        record Broken(int call, RuntimeException cause) implements Event {}
    }

    /** Runs the calls to their end, or to the next boundary where the runtime drains. Empty where the mission goes on. */
    Optional<Ending> run() throws InterruptedException {
        try {
            launch();
            while (flying > 0) {
                Optional<Ending> ending = digest(control.waitFor(this::await));
                if (ending.isPresent()) {
                    return ending;
                }
                launch();
            }
        } finally {
            for (Flight flight : flights) {
                if (flight != null) {
                    flight.abandon();
                }
            }
        }
        return personNeeded == null
                ? Optional.empty()
                : Optional.of(link.release(new Release.Park(Reason.OutcomeUnknown, personNeeded, null)));
    }

    private void launch() {
        while (flying < PARALLEL && launched < flights.length && !control.draining()) {
            int index = launched++;
            ToolCall call = move.calls().get(index);
            boolean outside = tools.isOutside(call.tool());
            Thread thread =
                    Thread.ofVirtual().unstarted(() -> events.add(outside ? ask(index, call) : perform(index, call)));
            // the gateway cuts its calls itself: only it knows whether they had an effect
            Duration limit = outside ? null : tools.timeout(call.tool());
            flights[index] = new Flight(
                    thread,
                    limit == null ? () -> {} : clock.ring(limit, () -> events.add(new Event.TimedOut(index, limit))));
            flying++;
            thread.start();
        }
    }

    private List<Event> await() throws InterruptedException {
        List<Event> ready = new ArrayList<>(4);
        ready.add(events.take());
        events.drainTo(ready);
        ready.sort(Comparator.comparingInt(Event::call));
        return ready;
    }

    private Optional<Ending> digest(List<Event> ready) throws InterruptedException {
        List<StepContent> performed = new ArrayList<>(ready.size());
        for (Event event : ready) {
            Flight flight = flights[event.call()];
            if (flight == null) {
                continue;
            }
            flights[event.call()] = null;
            flying--;
            switch (event) {
                case Event.Performed done -> {
                    flight.land();
                    performed.add(done.step());
                }
                case Event.TimedOut late -> {
                    flight.abandon();
                    performed.add(overran(move.calls().get(late.call()), late.after()));
                }
                case Event.Broken broken -> throw broken.cause();
                case Event.Answered answered -> {
                    switch (answered.answer()) {
                        case ToolAnswer.Observed answer -> {
                            link.advance(answer.head());
                            observed.accept(answer.observation());
                        }
                        case ToolAnswer.AwaitPerson answer -> personNeeded = answer.detail();
                        case ToolAnswer.Lost answer -> {
                            return Optional.of(Ending.Lost);
                        }
                    }
                }
            }
        }
        return performed.isEmpty() ? Optional.empty() : commit(performed);
    }

    private Optional<Ending> commit(List<StepContent> performed) throws InterruptedException {
        Optional<Ending> ending = link.commit(List.copyOf(performed));
        if (ending.isEmpty()) {
            performed.forEach(observed);
        }
        return ending;
    }

    private Event ask(int index, ToolCall call) {
        try {
            return new Event.Answered(index, link.callTool(move.reply(), call));
        } catch (InterruptedException e) {
            return new Event.Answered(index, new ToolAnswer.Lost());
        } catch (RuntimeException e) {
            return new Event.Broken(index, e);
        }
    }

    private Event perform(int index, ToolCall call) {
        StepContent step;
        try {
            step = tools.call(move.reply(), call);
        } catch (Exception | StackOverflowError e) {
            step = error(call, "The tool \"" + call.tool() + "\" failed: " + reason(e));
        }
        return new Event.Performed(index, step);
    }

    private StepContent overran(ToolCall call, Duration limit) {
        return error(
                call,
                "The tool \"" + call.tool() + "\" did not finish within " + limit.toMillis()
                        + " ms and was stopped. Ask for less at once, or do without it.");
    }

    private Observation error(ToolCall call, String text) {
        return new Observation(move.reply(), call.id(), call.tool(), text, Observation.Result.Error, 0);
    }

    private static String reason(Throwable e) {
        String message = e.getMessage() == null || e.getMessage().isBlank()
                ? e.getClass().getSimpleName()
                : e.getMessage();
        return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "...";
    }
}
