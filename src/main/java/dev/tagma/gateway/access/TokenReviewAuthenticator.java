package dev.tagma.gateway.access;

import dev.tagma.mission.Digest;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Asks Kubernetes by TokenReview who a token stands for. Answers are remembered by the token's hash and the audience, a yes for at most
 * {@link AccessSettings#GOOD_MAX}: so long a token works after Kubernetes gave it up, which itself
 * remembers a token for some ten seconds after its service account was deleted.
 */
public final class TokenReviewAuthenticator implements Authenticator {
    /** Longest token that is looked at. */
    static final int TOKEN_MAX = 16 << 10;

    private static final String NOBODY = "Kubernetes does not vouch for the token";

    private final KubernetesClient client;
    private final Reviews<Shown, Optional<Caller>> reviews;

    /** A token by its hash: no token stays in memory for its answer. */
    private record Shown(Digest token, String audience) {}

    /** {@code threads} are virtual: a question blocks one. */
    public TokenReviewAuthenticator(
            KubernetesClient client, AccessSettings settings, Executor threads, LongSupplier nanos) {
        this.client = client;
        this.reviews = new Reviews<>(settings, Optional::isPresent, threads, nanos);
    }

    @Override
    public Caller authenticate(String token, String audience) {
        if (token.isEmpty() || token.length() > TOKEN_MAX) {
            throw new UnauthenticatedException(NOBODY);
        }
        Shown shown = new Shown(Digest.sha256(token.getBytes(StandardCharsets.UTF_8)), audience);
        return reviews.answer(shown, _ -> review(token, audience))
                .orElseThrow(() -> new UnauthenticatedException(
                        audience.isEmpty() ? NOBODY : NOBODY + " for the audience " + audience));
    }

    private Optional<Caller> review(String token, String audience) {
        TokenReview question = new TokenReviewBuilder()
                .withNewSpec()
                .withToken(token)
                .withAudiences(audience.isEmpty() ? List.of() : List.of(audience))
                .endSpec()
                .build();
        TokenReviewStatus status;
        try {
            status = client.tokenReviews().create(question).getStatus();
        } catch (KubernetesClientException e) {
            throw new AccessUnavailableException("no TokenReview: " + e.getMessage(), e);
        }
        if (status == null || !Boolean.TRUE.equals(status.getAuthenticated()) || status.getUser() == null) {
            return Optional.empty();
        }
        // an API server that knows no audiences vouches for none
        boolean meant = audience.isEmpty()
                || status.getAudiences() != null && status.getAudiences().contains(audience);
        return meant ? Optional.of(caller(status.getUser())) : Optional.empty();
    }

    private static Caller caller(UserInfo user) {
        return new Caller(
                user.getUsername(),
                user.getUid() == null ? "" : user.getUid(),
                user.getGroups() == null ? Set.of() : Set.copyOf(user.getGroups()),
                user.getExtra() == null ? Map.of() : user.getExtra());
    }

    long remembered() {
        return reviews.remembered();
    }
}
