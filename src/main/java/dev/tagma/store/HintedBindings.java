package dev.tagma.store;

import dev.tagma.dispatch.Bindings;
import dev.tagma.mission.Claim;
import dev.tagma.mission.Hints;
import dev.tagma.mission.Hints.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Bindings that say which missions they moved. */
final class HintedBindings implements Bindings {
    private final Bindings bindings;
    private final Hints hints;

    HintedBindings(Bindings bindings, Hints hints) {
        this.bindings = bindings;
        this.hints = hints;
    }

    @Override
    public Set<UUID> pending() {
        return bindings.pending();
    }

    @Override
    public List<Binding> bind(long instance, int limit) {
        List<Binding> bound = bindings.bind(instance, limit);
        bound.forEach(
                binding -> hints.changed(Topic.Mission, binding.claim().uid().toString()));
        return bound;
    }

    @Override
    public List<Claim> claims(long instance) {
        return bindings.claims(instance);
    }

    @Override
    public List<Binding> held(long instance) {
        return bindings.held(instance);
    }

    @Override
    public Optional<Binding> held(long instance, Claim claim) {
        return bindings.held(instance, claim);
    }

    @Override
    public Takeover takeOver() {
        Takeover takeover = bindings.takeOver();
        sayAny(takeover.requeued() + takeover.crashLooped());
        return takeover;
    }

    @Override
    public Sweep sweep() {
        Sweep sweep = bindings.sweep();
        sayAny(sweep.requeued() + sweep.woken() + sweep.expired());
        return sweep;
    }

    private void sayAny(int moved) {
        if (moved > 0) {
            hints.changed(Topic.Mission, Hints.ANY);
        }
    }

    @Override
    public long lease(UUID pool, String holder, Duration duration) {
        return bindings.lease(pool, holder, duration);
    }
}
