package dev.tagma.store.memory;

import dev.tagma.dispatch.Bindings;
import dev.tagma.mission.Claim;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Step;
import dev.tagma.store.memory.InstanceRow.State;
import dev.tagma.store.memory.Tables.LeaseRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class InMemoryBindings implements Bindings {
    private static final Comparator<MissionRow> ORDER = Comparator.<MissionRow>comparingInt(
                    row -> -row.mission.priority())
            .thenComparingLong(row -> row.turn)
            .thenComparingLong(row -> row.id);

    private final Tables tables;

    InMemoryBindings(Tables tables) {
        this.tables = tables;
    }

    @Override
    public Set<UUID> pending() {
        return tables.atomically(() -> tables.missions.values().stream()
                .filter(MissionRow::bindable)
                .map(row -> row.mission.pool())
                .collect(Collectors.toSet()));
    }

    @Override
    public List<Binding> bind(long instance, int limit) {
        return tables.atomically(() -> {
            InstanceRow row = tables.instances.get(instance);
            if (row == null || row.state != State.Live || !row.alive(tables.now())) {
                return List.of();
            }
            List<MissionRow> held = tables.held(instance);
            Optional<PoolRevision> latest = tables.latest(row.pool);
            int room = Math.min(limit, row.slots - held.size());
            if (room <= 0 || latest.isEmpty() || held.stream().anyMatch(MissionRow::alone)) {
                return List.of();
            }
            int revision = latest.get().revision();
            Optional<MissionRow> first = queue(row.pool).findFirst();
            if (first.isPresent() && first.get().suspect()) {
                if (held.isEmpty()) {
                    return List.of(first.get().bind(instance, true, revision));
                }
                if (setAside(row.pool) == instance) {
                    return List.of();
                }
            }
            List<MissionRow> picked = queue(row.pool)
                    .filter(mission -> !mission.suspect())
                    .limit(room)
                    .toList();
            return picked.stream()
                    .map(mission -> mission.bind(instance, false, revision))
                    .toList();
        });
    }

    private Stream<MissionRow> queue(UUID pool) {
        return tables.missions.values().stream()
                .filter(row -> row.mission.pool().equals(pool) && row.bindable())
                .sorted(ORDER);
    }

    /** The instance that becomes empty for a suspect: the oldest that does not hold one already. */
    private long setAside(UUID pool) {
        return tables.instances.values().stream()
                .filter(row -> row.pool.equals(pool) && row.state == State.Live && row.alive(tables.now()))
                .filter(row -> tables.held(row.id).stream().noneMatch(MissionRow::alone))
                .mapToLong(row -> row.id)
                .min()
                .orElse(0);
    }

    @Override
    public List<Claim> claims(long instance) {
        return held(instance).stream().map(Binding::claim).toList();
    }

    @Override
    public List<Binding> held(long instance) {
        return tables.atomically(
                () -> tables.held(instance).stream().map(MissionRow::binding).toList());
    }

    @Override
    public Optional<Binding> held(long instance, Claim claim) {
        return held(instance).stream()
                .filter(binding -> binding.claim().equals(claim))
                .findFirst();
    }

    /** This store is never away: whoever lapsed is lost at once. */
    @Override
    public Takeover takeOver() {
        return tables.atomically(() -> {
            List<Long> dead = new ArrayList<>();
            int requeued = 0;
            int crashLooped = 0;
            for (InstanceRow row : tables.instances.values()) {
                if (row.state != State.Dead && !row.alive(tables.now())) {
                    row.state = State.Dead;
                    dead.add(row.id);
                    for (MissionRow mission : tables.held(row.id)) {
                        if (mission.lose(row.pod)) {
                            requeued++;
                        } else {
                            crashLooped++;
                        }
                    }
                }
            }
            return new Takeover(dead, requeued, crashLooped);
        });
    }

    /** Running missions without a Live instance cannot come about here: an instance dies and loses its missions under one lock. */
    @Override
    public Sweep sweep() {
        return tables.atomically(() -> {
            int woken = 0;
            int expired = 0;
            int dropped = 0;
            for (MissionRow row : tables.missions.values()) {
                if (row.outOfTime()) {
                    row.end(Outcome.deadlineExceeded(row.mission.timeout()));
                    expired++;
                } else if (row.pastStartDeadline()) {
                    row.end(Outcome.startDeadlineExceeded(row.mission.startDeadline()));
                    expired++;
                } else if (row.wakes()) {
                    row.leave(Reason.Queued, "", null);
                    woken++;
                } else if (row.pastRetention() && !row.contentDropped) {
                    row.steps.replaceAll(InMemoryBindings::withoutContent);
                    row.contentDropped = true;
                    dropped++;
                }
            }
            return new Sweep(0, woken, expired, dropped);
        });
    }

    private static Step withoutContent(Step step) {
        return new Step(
                step.seq(),
                step.epoch(),
                step.kind(),
                null,
                step.contentDigest(),
                step.digest(),
                step.usage(),
                step.committedAt());
    }

    @Override
    public long lease(UUID pool, String holder, Duration duration) {
        return tables.atomically(() -> {
            Instant now = tables.now();
            LeaseRow present = tables.leases.get(pool);
            if (present != null
                    && !present.holder().equals(holder)
                    && present.expiresAt().isAfter(now)) {
                return 0L;
            }
            long before = present == null ? 0 : present.term();
            long term = present != null && present.holder().equals(holder) ? before : before + 1;
            tables.leases.put(pool, new LeaseRow(holder, term, now.plus(duration)));
            return term;
        });
    }
}
