package dev.tagma.gateway.rest.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.gateway.access.Authorizer.Deed;
import dev.tagma.gateway.access.Caller;
import dev.tagma.gateway.rest.http.Parameters;
import dev.tagma.gateway.rest.http.Permits;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepLog;
import dev.tagma.mission.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Steps on behalf of callers, in pages that are bounded in bytes too. */
public final class StepDesk {
    private static final int AT_ONCE = 50;
    private static final int PAGE_BYTES = 4 << 20;

    private final Permits permits;
    private final Runs runs;
    private final StepLog log;
    private final JsonMapper json;

    public StepDesk(Permits permits, Runs runs, StepLog log, JsonMapper json) {
        this.permits = permits;
        this.runs = runs;
        this.log = log;
        this.json = json;
    }

    TranscriptPage transcript(Caller caller, String namespace, String name, StepRange range) {
        permits.require(caller, deed("missions/transcript", namespace, name));
        MissionRecord row = runs.find(namespace, name).row();
        List<TranscriptPage.Entry> entries = new ArrayList<>();
        boolean more = row != null
                && read(row, range, new Taker() {
                    private long bytes;

                    @Override
                    public boolean take(Step step) {
                        entries.add(entry(step));
                        bytes += step.content() == null ? 0 : step.content().length;
                        return bytes < PAGE_BYTES;
                    }
                });
        return new TranscriptPage(entries, more);
    }

    ChainPage chain(Caller caller, String namespace, String name, StepRange range) {
        permits.require(caller, deed("missions", namespace, name));
        Runs.Found found = runs.find(namespace, name);
        MissionRecord row = found.row();
        if (row == null) {
            return new ChainPage(found.uid(), null, Usage.NONE, List.of(), false);
        }
        List<ChainPage.Link> links = new ArrayList<>();
        boolean more = read(row, range, step -> links.add(link(step)));
        ChainPage.Noted head = row.head().seq() == 0
                ? null
                : new ChainPage.Noted(row.head().seq(), row.head().digest().hex());
        return new ChainPage(row.uid(), head, row.usage(), links, more);
    }

    @FunctionalInterface
    private interface Taker {
        /** Takes a step, and says whether it takes more. */
        boolean take(Step step);
    }

    /** Answers whether more may follow. */
    private boolean read(MissionRecord row, StepRange range, Taker taker) {
        long seq = range.after();
        int left = range.limit();
        while (left > 0) {
            int wanted = Math.min(left, AT_ONCE);
            List<Step> steps = log.read(row.id(), seq, wanted);
            for (Step step : steps) {
                seq = step.seq();
                if (!taker.take(step)) {
                    return true;
                }
            }
            if (steps.size() < wanted) {
                return false;
            }
            left -= wanted;
        }
        return true;
    }

    private TranscriptPage.Entry entry(Step step) {
        return new TranscriptPage.Entry(
                step.seq(),
                step.committedAt(),
                step.epoch(),
                step.kind(),
                step.digest().hex(),
                step.contentDigest().hex(),
                UsedSoFar.of(step.usage()),
                content(step));
    }

    private JsonNode content(Step step) {
        try {
            return step.content() == null ? null : json.readTree(step.content());
        } catch (IOException e) {
            throw new IllegalStateException("step " + step.seq() + " holds no JSON: verify the mission", e);
        }
    }

    private static ChainPage.Link link(Step step) {
        return new ChainPage.Link(
                step.seq(),
                step.epoch(),
                step.kind(),
                step.contentDigest().hex(),
                step.digest().hex(),
                step.usage());
    }

    private static Deed deed(String resource, String namespace, String name) {
        return new Deed("get", resource, Parameters.namespace(namespace), Parameters.name(name));
    }
}
