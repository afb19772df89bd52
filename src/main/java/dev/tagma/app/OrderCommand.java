package dev.tagma.app;

import dev.tagma.app.fleet.Fleet.Order;
import dev.tagma.mission.MissionRecord;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A command that changes where one mission stands. */
abstract sealed class OrderCommand implements Callable<Integer> {
    @Mixin
    MissionArgument mission = new MissionArgument();

    @Mixin
    FleetOptions where = new FleetOptions();

    private final Console console;
    private final Fleets fleets;

    OrderCommand(Console console, Fleets fleets) {
        this.console = console;
        this.fleets = fleets;
    }

    /** What it orders. */
    abstract Order order();

    /** What was done, as in "cancelled". */
    abstract String done();

    @Override
    public Integer call() {
        return fleets.with(where, fleet -> {
            MissionRecord row = mission.in(fleet);
            String name = "mission " + row.namespace() + "/" + row.name();
            if (fleet.order(row, order())) {
                console.out().println(name + " " + done());
                return ExitCode.Done.code();
            }
            MissionRecord now = fleet.now(row).orElse(row);
            console.err().println(name + " is not " + done() + ": it is " + stand(now));
            return ExitCode.NotSucceeded.code();
        });
    }

    private static String stand(MissionRecord row) {
        String phase = row.phase().name();
        return phase.equals(row.reason().name()) ? phase : phase + " (" + row.reason() + ")";
    }

    @Command(name = "cancel", description = "End a mission: nothing of it is stored from then on.")
    static final class Cancel extends OrderCommand {
        Cancel(Console console, Fleets fleets) {
            super(console, fleets);
        }

        @Override
        Order order() {
            return Order.Cancel;
        }

        @Override
        String done() {
            return "cancelled";
        }
    }

    @Command(
            name = "suspend",
            description = "Take a mission out of the queue, or from its runtime, until it is resumed.",
            footer = {
                "",
                "It takes effect at once and does not wait for the calls in flight, as if their runtime had",
                "crashed: a model call is charged and made again after `tagma resume`, so is a call of a tool",
                "without side effects; of a tool with side effects the outcome is unknown to the mission. Ctrl-C",
                "of `tagma run` lets them end first."
            })
    static final class Suspend extends OrderCommand {
        Suspend(Console console, Fleets fleets) {
            super(console, fleets);
        }

        @Override
        Order order() {
            return Order.Suspend;
        }

        @Override
        String done() {
            return "suspended";
        }
    }

    @Command(name = "resume", description = "Put a suspended mission back into the queue; `tagma run` goes on with it.")
    static final class Resume extends OrderCommand {
        Resume(Console console, Fleets fleets) {
            super(console, fleets);
        }

        @Override
        Order order() {
            return Order.Resume;
        }

        @Override
        String done() {
            return "resumed";
        }
    }
}
