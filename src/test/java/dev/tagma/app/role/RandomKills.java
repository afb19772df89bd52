package dev.tagma.app.role;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Kills processes of {@link ThreeRoles} that are ready, by SIGKILL, in a random order with as many of each role. */
final class RandomKills {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final ThreeRoles roles;
    private final Random random;
    private final List<RoleName> order = new ArrayList<>();
    private final Map<RoleName, Integer> done = new EnumMap<>(RoleName.class);

    RandomKills(ThreeRoles roles, int ofEachRole, Random random) {
        this.roles = roles;
        this.random = random;
        for (RoleName each : RoleName.values()) {
            order.addAll(Collections.nCopies(ofEachRole, each));
        }
        Collections.shuffle(order, random);
    }

    /** A process, and what kills it and has another take its place. */
    private record Victim(RoleProcess process, Runnable kill) {}

    boolean left() {
        return !order.isEmpty();
    }

    /** How many calls shall be made before the next kill. */
    int calls() {
        return 1 + random.nextInt(20);
    }

    /** How long after the last of them. */
    long pauseNanos() {
        return random.nextLong(100_000_000);
    }

    /** How many of each role so far. */
    Map<RoleName, Integer> done() {
        return done;
    }

    /** One more, as soon as a process of its role is ready. */
    void kill() {
        RoleName role = order.removeFirst();
        ThreeRoles.waiting(PATIENCE).alias("a ready " + role).until(() -> {
            roles.restartEnded();
            return victims(role).anyMatch(each -> each.process.ready());
        });
        List<Victim> ready = victims(role).filter(each -> each.process.ready()).toList();
        ready.get(random.nextInt(ready.size())).kill.run();
        done.merge(role, 1, Integer::sum);
    }

    private Stream<Victim> victims(RoleName role) {
        return switch (role) {
            case operator -> roles.operators().stream().map(RandomKills::victim);
            case gateway -> roles.gateways().stream().map(RandomKills::victim);
            case runtime -> roles.node().pods().stream().map(pod -> new Victim(pod.process(), pod.process()::kill));
        };
    }

    private static Victim victim(ThreeRoles.Replica replica) {
        return new Victim(replica.process(), replica::killAndStart);
    }
}
