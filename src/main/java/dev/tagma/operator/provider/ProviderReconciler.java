package dev.tagma.operator.provider;

import dev.tagma.api.v1alpha1.Condition;
import dev.tagma.api.v1alpha1.ModelProvider;
import dev.tagma.api.v1alpha1.ModelProviderSpec;
import dev.tagma.api.v1alpha1.ModelProviderStatus;
import dev.tagma.catalog.Catalog;
import dev.tagma.model.provider.ProviderProbe;
import dev.tagma.operator.Events;
import dev.tagma.operator.Standing;
import dev.tagma.operator.Standing.Why;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Says of each ModelProvider whether it answers. */
@ControllerConfiguration(name = "modelprovider")
public final class ProviderReconciler implements Reconciler<ModelProvider> {
    /** How often references are looked at: a key that was rotated is tried with the next look. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private static final Duration AT_ONCE = Duration.ofMillis(10);
    private static final Duration FOR_A_PLACE = Duration.ofSeconds(1);

    private final ProviderProbes probes;
    private final Events events;
    private final InstantSource clock;

    public ProviderReconciler(Catalog catalog, ProviderProbe probe, Events events, InstantSource clock) {
        this.probes = new ProviderProbes(catalog, probe, clock);
        this.events = events;
        this.clock = clock;
    }

    @Override
    public UpdateControl<ModelProvider> reconcile(ModelProvider provider, Context<ModelProvider> context)
            throws InterruptedException {
        if (provider.getMetadata().getDeletionTimestamp() != null) {
            probes.forget(provider.getMetadata().getUid());
            return UpdateControl.noUpdate();
        }
        if (unseen(provider) && probes.isNew(provider)) {
            Verdict probing = new Verdict(ProviderReason.Probing, "the service is being asked");
            return UpdateControl.patchStatus(withStatus(provider, status(provider, probing)))
                    .rescheduleAfter(AT_ONCE);
        }
        Optional<Verdict> answered = probes.verdict(provider);
        if (answered.isEmpty()) {
            return UpdateControl.<ModelProvider>noUpdate().rescheduleAfter(FOR_A_PLACE);
        }
        Verdict verdict = answered.get();
        ModelProviderStatus next = status(provider, verdict);
        if (next.equals(provider.getStatus())) {
            return UpdateControl.<ModelProvider>noUpdate().rescheduleAfter(LOOK);
        }
        announce(provider, verdict);
        return UpdateControl.patchStatus(withStatus(provider, next)).rescheduleAfter(LOOK);
    }

    /** Whether the status is of another spec; a script is judged at once. */
    private static boolean unseen(ModelProvider provider) {
        return provider.getSpec().type() != ModelProviderSpec.Type.Scripted
                && (provider.getStatus() == null
                        || !Objects.equals(
                                provider.getStatus().observedGeneration(),
                                provider.getMetadata().getGeneration()));
    }

    private ModelProviderStatus status(ModelProvider provider, Verdict verdict) {
        List<Condition> before =
                provider.getStatus() == null ? null : provider.getStatus().conditions();
        Long generation = provider.getMetadata().getGeneration();
        return new ModelProviderStatus(
                generation,
                verdict.reason()
                        .standing()
                        .conditions(
                                new Why(verdict.reason().name(), verdict.message()),
                                before,
                                generation,
                                clock.instant().truncatedTo(ChronoUnit.SECONDS)));
    }

    private void announce(ModelProvider provider, Verdict verdict) {
        String before = provider.getStatus() == null
                ? ""
                : Standing.reason(provider.getStatus().conditions()).orElse("");
        if (!before.equals(verdict.reason().name()) && verdict.reason().happening() != null) {
            events.say(provider, verdict.reason().happening(), verdict.reason() + ": " + verdict.message());
        }
    }

    /** Refused where the provider changed meanwhile, or is another of the same name. */
    private static ModelProvider withStatus(ModelProvider provider, ModelProviderStatus status) {
        ModelProvider patch = new ModelProvider();
        patch.setMetadata(new ObjectMetaBuilder()
                .withName(provider.getMetadata().getName())
                .withNamespace(provider.getMetadata().getNamespace())
                .withUid(provider.getMetadata().getUid())
                .withResourceVersion(provider.getMetadata().getResourceVersion())
                .build());
        patch.setStatus(status);
        return patch;
    }
}
