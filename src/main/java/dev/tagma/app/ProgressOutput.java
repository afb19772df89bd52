package dev.tagma.app;

import dev.tagma.app.view.LiveBlock;
import dev.tagma.app.view.MissionProgress;
import dev.tagma.app.view.ProgressView;
import dev.tagma.app.view.Transitions;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Step;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Where a watch shows what it sees. Used by one thread. */
sealed interface ProgressOutput {
    /** Of which missions the steps are to be read, all given. */
    List<MissionProgress> followed(Collection<MissionProgress> missions);

    /** A mission's row changed. */
    void changed(MissionProgress mission, Instant now);

    /** A step was committed. */
    void step(MissionProgress mission, Step step);

    /** Something that people should know. */
    void notice(String text);

    /** A round is over. */
    void round(Collection<MissionProgress> missions, Instant now, Duration elapsed);

    /** Nothing more will come. */
    void end();

    private static List<MissionProgress> running(Collection<MissionProgress> missions, int limit) {
        return missions.stream()
                .filter(mission -> mission.phase() == Phase.Running)
                .limit(limit)
                .toList();
    }

    /** A block that is drawn again in place. */
    final class Live implements ProgressOutput {
        private final PrintStream terminal;
        private final LiveBlock block;
        private final ProgressView view;

        Live(PrintStream terminal, ProgressView view) {
            this.terminal = terminal;
            this.block = new LiveBlock(terminal);
            this.view = view;
        }

        @Override
        public List<MissionProgress> followed(Collection<MissionProgress> missions) {
            return running(missions, view.rows());
        }

        @Override
        public void changed(MissionProgress mission, Instant now) {}

        @Override
        public void step(MissionProgress mission, Step step) {}

        @Override
        public void notice(String text) {
            block.clear();
            terminal.println(text);
        }

        @Override
        public void round(Collection<MissionProgress> missions, Instant now, Duration elapsed) {
            block.draw(view.lines(missions, now, elapsed));
        }

        @Override
        public void end() {
            block.clear();
        }
    }

    /**
     * A line per change, and per step where {@code steps} says so. What repeats without progress is said once. A round reads one mission after
     * the other: a line is held for one round more, so that the lines of all of them come in the order of their times.
     */
    final class Lines implements ProgressOutput {
        private final PrintStream out;
        private final Transitions transitions;
        private final boolean steps;
        private final Map<UUID, Said> said = new HashMap<>();
        private final List<Line> held = new ArrayList<>();
        private long rounds;

        Lines(PrintStream out, Transitions transitions, boolean steps) {
            this.out = out;
            this.transitions = transitions;
            this.steps = steps;
        }

        /** What was said of a mission since its last step, and the time of the last line of it. */
        private record Said(long seq, Set<String> texts, Instant last) {}

        private record Line(Instant time, long round, String text) {}

        @Override
        public List<MissionProgress> followed(Collection<MissionProgress> missions) {
            return steps ? running(missions, Integer.MAX_VALUE) : List.of();
        }

        @Override
        public void changed(MissionProgress mission, Instant now) {
            Said before = said.get(mission.record().uid());
            Set<String> texts = before == null || before.seq() != mission.seq() ? new HashSet<>() : before.texts();
            if (texts.add(transitions.what(mission))) {
                Instant time = later(before, happened(mission, now));
                hold(mission, texts, time, transitions.changed(mission, time));
            }
        }

        @Override
        public void step(MissionProgress mission, Step step) {
            if (steps) {
                Said before = said.get(mission.record().uid());
                Instant time = later(before, step.committedAt());
                hold(mission, new HashSet<>(), time, transitions.step(mission, step, time));
            }
        }

        /** What the row says of it, else the moment in which it was seen. */
        private static Instant happened(MissionProgress mission, Instant now) {
            MissionRecord row = mission.record();
            boolean begins = row.phase() == Phase.Running && row.head().seq() == 0 && row.startedAt() != null;
            return row.finishedAt() != null ? row.finishedAt() : begins ? row.startedAt() : now;
        }

        /** What is told of one mission keeps its order, whatever clocks say. */
        private static Instant later(Said before, Instant time) {
            return before != null && before.last().isAfter(time) ? before.last() : time;
        }

        private void hold(MissionProgress mission, Set<String> texts, Instant time, String text) {
            said.put(mission.record().uid(), new Said(mission.seq(), texts, time));
            held.add(new Line(time, rounds, text));
        }

        @Override
        public void notice(String text) {
            end();
            out.println(text);
        }

        @Override
        public void round(Collection<MissionProgress> missions, Instant now, Duration elapsed) {
            held.sort(Comparator.comparing(Line::time));
            int ripe = held.size();
            while (ripe > 0 && held.get(ripe - 1).round() == rounds) {
                ripe--;
            }
            print(held.subList(0, ripe));
            rounds++;
        }

        @Override
        public void end() {
            held.sort(Comparator.comparing(Line::time));
            print(held);
        }

        private void print(List<Line> lines) {
            lines.forEach(line -> out.println(line.text()));
            lines.clear();
        }
    }

    /** Trouble alone. */
    record Quiet(PrintStream out) implements ProgressOutput {
        @Override
        public List<MissionProgress> followed(Collection<MissionProgress> missions) {
            return List.of();
        }

        @Override
        public void changed(MissionProgress mission, Instant now) {}

        @Override
        public void step(MissionProgress mission, Step step) {}

        @Override
        public void notice(String text) {
            out.println(text);
        }

        @Override
        public void round(Collection<MissionProgress> missions, Instant now, Duration elapsed) {}

        @Override
        public void end() {}
    }
}
