package dev.tagma.gateway.rest.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.Usage;
import java.util.List;
import java.util.UUID;

/**
 * The digests of a mission's steps: what it takes to prove that none was changed, left out or cut off, without reading any.
 *
 * @param mission the UID that the chain begins with
 * @param head of the chain as the mission's row notes it, with the usage up to there; exact once the mission has ended
 * @param usage as exact numbers: the cost in 10^-9 of the installation's currency
 * @param links in order
 * @param more whether others may follow: ask again with {@code after} the last sequence
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChainPage(UUID mission, Noted head, Usage usage, List<Link> links, boolean more) {
    /** A head of the chain. */
    public record Noted(long sequence, String digest) {}

    /** A step without its content. */
    public record Link(long sequence, long epoch, StepKind kind, String contentDigest, String digest, Usage usage) {}
}
