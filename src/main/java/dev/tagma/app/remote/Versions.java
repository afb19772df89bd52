package dev.tagma.app.remote;

import dev.tagma.mission.MissionRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Numbers what is seen of missions, which arrives by two ways: events, and objects whose status lags behind them. What is older than
 * what was seen before keeps the old number, so that nobody takes it for news. Confined to one thread.
 */
final class Versions {
    private final Map<UUID, MissionRecord> seen = new HashMap<>();
    private long last;

    /** The record with its number. */
    MissionRecord next(MissionRecord row) {
        MissionRecord before = seen.get(row.uid());
        boolean stale = before != null
                && (before.phase().terminal()
                        || row.epoch() < before.epoch()
                        || row.epoch() == before.epoch()
                                && row.reason() == before.reason()
                                && row.head().seq() <= before.head().seq());
        if (stale) {
            return before;
        }
        MissionRecord numbered = MissionJson.numbered(row, ++last);
        seen.put(row.uid(), numbered);
        return numbered;
    }
}
