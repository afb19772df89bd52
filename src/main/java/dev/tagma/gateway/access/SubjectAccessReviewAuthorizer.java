package dev.tagma.gateway.access;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Asks Kubernetes by SubjectAccessReview what a caller may do to resources of the group {@code tagma.dev}. A yes is remembered for at
 * most {@link AccessSettings#GOOD_MAX}, so that a program that asks every second costs the API server a question in ten: so long a right
 * works after it was taken away.
 */
public final class SubjectAccessReviewAuthorizer implements Authorizer {
    private static final String GROUP = "tagma.dev";

    private final KubernetesClient client;
    private final Reviews<Question, Boolean> reviews;

    private record Question(Caller caller, Deed deed) {}

    /** {@code threads} are virtual: a question blocks one. */
    public SubjectAccessReviewAuthorizer(
            KubernetesClient client, AccessSettings settings, Executor threads, LongSupplier nanos) {
        this.client = client;
        this.reviews = new Reviews<>(settings, Boolean::booleanValue, threads, nanos);
    }

    @Override
    public boolean permits(Caller caller, Deed deed) {
        return reviews.answer(new Question(caller, deed), this::review);
    }

    private boolean review(Question question) {
        Caller caller = question.caller();
        Deed deed = question.deed();
        int slash = deed.resource().indexOf('/');
        SubjectAccessReview review = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser(caller.user())
                .withUid(caller.uid().isEmpty() ? null : caller.uid())
                .withGroups(List.copyOf(caller.groups()))
                .withExtra(caller.extra())
                .withNewResourceAttributes()
                .withGroup(GROUP)
                .withVerb(deed.verb())
                .withResource(slash < 0 ? deed.resource() : deed.resource().substring(0, slash))
                .withSubresource(slash < 0 ? null : deed.resource().substring(slash + 1))
                .withNamespace(deed.namespace())
                .withName(deed.name())
                .endResourceAttributes()
                .endSpec()
                .build();
        try {
            var status = client.authorization()
                    .v1()
                    .subjectAccessReview()
                    .create(review)
                    .getStatus();
            return status != null
                    && Boolean.TRUE.equals(status.getAllowed())
                    && !Boolean.TRUE.equals(status.getDenied());
        } catch (KubernetesClientException e) {
            throw new AccessUnavailableException("no SubjectAccessReview: " + e.getMessage(), e);
        }
    }

    long remembered() {
        return reviews.remembered();
    }
}
