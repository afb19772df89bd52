package dev.tagma.gateway;

import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.link.GatewaySession;
import dev.tagma.mission.link.RuntimeInbox;
import dev.tagma.mission.link.Start;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import dev.tagma.registry.InstanceRegistry.Beat;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One runtime's session: its missions' ledgers, and the heartbeat that heals what was lost between the store, the gateway and it. */
final class Session implements GatewaySession {
    private final Gateway gateway;
    private final long instance;
    private final RuntimeInbox inbox;
    private final Map<Long, Ledger> ledgers = new ConcurrentHashMap<>();

    Session(Gateway gateway, long instance, RuntimeInbox inbox) {
        this.gateway = gateway;
        this.instance = instance;
        this.inbox = inbox;
    }

    @Override
    public long instance() {
        return instance;
    }

    @Override
    public Duration lease() {
        return gateway.settings().lease();
    }

    /** Opens the ledger of a mission bound to this instance and starts it there; the same claim again only repeats the start. */
    void begin(Start start, long nowNanos) {
        Ledger ledger = ledgers.compute(start.claim().mission(), (mission, present) -> {
            if (present != null && present.claim().epoch() >= start.claim().epoch()) {
                return present;
            }
            if (present != null) {
                present.close();
            }
            return new Ledger(start, nowNanos);
        });
        if (ledger.claim().equals(start.claim())) {
            inbox.start(start);
        }
    }

    @Override
    public CommitResult commit(Claim claim, Head believed, List<StepContent> steps) {
        Ledger ledger = ledger(claim);
        return ledger == null
                ? new CommitResult.Fenced(0)
                : ledger.appendFromRuntime(believed, steps, gateway.stores().steps()::commit);
    }

    @Override
    public ModelAnswer callModel(Claim claim, Head believed, ModelAsk ask) {
        Ledger ledger = ledger(claim);
        if (ledger == null) {
            return new ModelAnswer.Lost();
        }
        ModelAnswer answer = gateway.models().call(ledger, ask);
        switch (answer) {
            case ModelAnswer.Finished finished -> closed(claim);
            case ModelAnswer.Lost lost -> closed(claim);
            case ModelAnswer.Replied r -> {}
            case ModelAnswer.Unfit u -> {}
            case ModelAnswer.OverBudget o -> {}
            case ModelAnswer.Unavailable u -> {}
            case ModelAnswer.Failed f -> {}
        }
        return answer;
    }

    @Override
    public ToolAnswer callTool(Claim claim, Head believed, long reply, ToolCall call) {
        Ledger ledger = ledger(claim);
        return ledger == null ? new ToolAnswer.Lost() : gateway.tools().call(ledger, call);
    }

    @Override
    public List<ToolDefinition> outsideTools(Claim claim) {
        Ledger ledger = ledger(claim);
        return ledger == null ? List.of() : gateway.tools().definitions(ledger.start());
    }

    @Override
    public CommitResult finish(Claim claim, Head believed, Outcome outcome) {
        Ledger ledger = ledger(claim);
        if (ledger == null) {
            return new CommitResult.Fenced(0);
        }
        CommitResult result = ledger.append(List.of(), outcome, gateway.stores().steps()::commit);
        if (result instanceof CommitResult.Committed) {
            closed(claim);
        }
        return result;
    }

    @Override
    public boolean release(Claim claim, Release release) {
        boolean released = gateway.stores().missions().release(claim, release);
        closed(claim);
        return released;
    }

    @Override
    public boolean heartbeat(Collection<Claim> running, boolean draining) {
        Set<Claim> runs = new HashSet<>(running);
        Set<Long> renewed = gateway.stores()
                .instances()
                .heartbeat(
                        List.of(new Beat(instance, draining)),
                        gateway.settings().lease());
        if (!renewed.contains(instance)) {
            close();
            return false;
        }
        // read before the store, which knows of every ledger that is still good
        List<Claim> known = ledgers.values().stream().map(Ledger::claim).toList();
        Set<Claim> held = Set.copyOf(gateway.stores().bindings().claims(instance));
        known.stream().filter(claim -> !held.contains(claim)).forEach(this::forget);
        Set<Claim> missing = new HashSet<>(held);
        missing.removeIf(runs::remove);
        runs.forEach(inbox::stop);
        startAll(missing);
        return true;
    }

    /** Starts what is bound to this instance and has no ledger yet: another replica may have bound it. */
    void startMissing() {
        Set<Claim> missing = new HashSet<>(gateway.stores().bindings().claims(instance));
        missing.removeIf(claim -> ledger(claim) != null);
        startAll(missing);
    }

    private void startAll(Set<Claim> missing) {
        if (!missing.isEmpty()) {
            List<Binding> held = gateway.stores().bindings().held(instance);
            gateway.deliver(
                    instance,
                    held.stream()
                            .filter(binding -> missing.contains(binding.claim()))
                            .toList());
        }
    }

    @Override
    public void close() {
        gateway.left(this);
        ledgers.values().forEach(Ledger::close);
        ledgers.clear();
        gateway.stores().instances().deregister(instance);
        gateway.wake();
    }

    private Ledger ledger(Claim claim) {
        Ledger ledger = ledgers.get(claim.mission());
        return ledger != null && ledger.claim().equals(claim) ? ledger : null;
    }

    private void closed(Claim claim) {
        forget(claim);
        gateway.wake();
    }

    private void forget(Claim claim) {
        ledgers.computeIfPresent(claim.mission(), (mission, ledger) -> {
            if (!ledger.claim().equals(claim)) {
                return ledger;
            }
            ledger.close();
            return null;
        });
    }
}
