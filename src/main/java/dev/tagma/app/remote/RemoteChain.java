package dev.tagma.app.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.app.fleet.FleetException;
import dev.tagma.app.fleet.FleetException.Kind;
import dev.tagma.mission.Append;
import dev.tagma.mission.ChainVerifier;
import dev.tagma.mission.ChainVerifier.Verdict;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Digest;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepLog;
import java.util.ArrayList;
import java.util.List;

/** The digests of a mission's steps, as a gateway shows them: a log that can be verified and nothing else. */
final class RemoteChain implements StepLog {
    private static final int PAGE = 1_000;

    private final GatewayClient gateway;
    private final String path;

    RemoteChain(GatewayClient gateway, String path) {
        this.gateway = gateway;
        this.path = path;
    }

    /** Proves the chain of {@code mission}, which must pass through {@code heads} and through the head that the gateway's row notes. */
    Verdict verify(MissionRecord mission, List<Head> heads) {
        JsonNode page = page(0, 1);
        JsonNode head = page.path("head");
        if (!page.path("mission").asText().equals(mission.uid().toString())) {
            throw new FleetException(
                    Kind.Refused, "the gateway shows the chain of another mission of this name: try again");
        }
        Head noted = head.isObject()
                ? new Head(
                        head.path("sequence").asLong(),
                        Digest.ofHex(head.path("digest").asText()))
                : Head.genesis(mission.uid());
        return new ChainVerifier(this)
                .verify(MissionJson.noted(mission, noted, StepJson.usage(page.path("usage"))), heads);
    }

    private JsonNode page(long after, int limit) {
        return gateway.get(path + "?after=" + after + "&limit=" + limit)
                .orElseThrow(() -> new FleetException(Kind.Refused, "the mission is gone"));
    }

    @Override
    public List<Step> read(long mission, long afterSeq, int limit) {
        List<Step> steps = new ArrayList<>();
        page(afterSeq, Math.max(limit, PAGE)).path("links").forEach(link -> steps.add(StepJson.link(link)));
        return steps;
    }

    @Override
    public Tail tail(long mission) {
        throw new UnsupportedOperationException("a chain of digests has no tail to resume from");
    }

    @Override
    public CommitResult commit(Append append) {
        throw new UnsupportedOperationException("nobody commits to a chain of digests");
    }
}
