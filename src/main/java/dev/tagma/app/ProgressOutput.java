package dev.tagma.app;

import dev.tagma.app.view.LiveBlock;
import dev.tagma.app.view.MissionProgress;
import dev.tagma.app.view.ProgressView;
import dev.tagma.app.view.Transitions;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Step;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
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

    /** A line per change, and per step where {@code steps} says so. What repeats without progress is said once. */
    final class Lines implements ProgressOutput {
        private final PrintStream out;
        private final Transitions transitions;
        private final boolean steps;
        private final Map<UUID, Said> said = new HashMap<>();

        Lines(PrintStream out, Transitions transitions, boolean steps) {
            this.out = out;
            this.transitions = transitions;
            this.steps = steps;
        }

        /** What was said of a mission since its last step. */
        private record Said(long seq, Set<String> texts) {}

        @Override
        public List<MissionProgress> followed(Collection<MissionProgress> missions) {
            return steps ? running(missions, Integer.MAX_VALUE) : List.of();
        }

        @Override
        public void changed(MissionProgress mission, Instant now) {
            Said before = said.get(mission.record().uid());
            if (before == null || before.seq() != mission.seq()) {
                before = new Said(mission.seq(), new HashSet<>());
                said.put(mission.record().uid(), before);
            }
            if (before.texts().add(transitions.what(mission))) {
                out.println(transitions.changed(mission, now));
            }
        }

        @Override
        public void step(MissionProgress mission, Step step) {
            if (steps) {
                out.println(transitions.step(mission, step));
            }
        }

        @Override
        public void notice(String text) {
            out.println(text);
        }

        @Override
        public void round(Collection<MissionProgress> missions, Instant now, Duration elapsed) {}

        @Override
        public void end() {}
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
