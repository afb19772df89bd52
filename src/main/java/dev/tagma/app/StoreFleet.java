package dev.tagma.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.app.fleet.Fleet;
import dev.tagma.app.view.MissionProgress;
import dev.tagma.app.view.StatusJson;
import dev.tagma.mission.ChainVerifier;
import dev.tagma.mission.ChainVerifier.Verdict;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Resolution;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepLog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The missions of a Postgres. */
record StoreFleet(MissionStore missions, StepLog steps) implements Fleet {
    private static final int PAGE = 1_000;

    @Override
    public Optional<String> home() {
        return Optional.empty();
    }

    @Override
    public List<MissionRecord> list(String namespace) {
        Map<UUID, MissionRecord> all = new LinkedHashMap<>();
        try (Changes changes = new Feed(0)) {
            changes.next().forEach(row -> all.put(row.uid(), row));
        }
        return all.values().stream()
                .filter(row -> namespace == null || row.namespace().equals(namespace))
                .sorted(Comparator.comparingLong(MissionRecord::id))
                .toList();
    }

    @Override
    public Optional<MissionRecord> find(String namespace, String name) {
        // an API server gave it a UID that cannot be told from its name
        return missions.find(ResourceUid.of("Mission", namespace, name))
                .or(() -> list(namespace).reversed().stream()
                        .filter(row -> row.name().equals(name))
                        .findFirst());
    }

    @Override
    public Optional<MissionRecord> now(MissionRecord mission) {
        return missions.find(mission.uid());
    }

    @Override
    public MissionProgress progress(MissionRecord mission) {
        MissionProgress progress = MissionProgress.of(mission);
        if (mission.phase() == Phase.Running) {
            for (Step step : steps.tail(mission.id()).steps()) {
                progress = progress.with(step);
            }
        }
        return progress;
    }

    @Override
    public List<Step> steps(MissionRecord mission, long after, int limit) {
        return steps.read(mission.id(), after, limit);
    }

    @Override
    public ObjectNode document(MissionProgress mission) {
        return new StatusJson(Json.MAPPER, missions::spec).mission(mission);
    }

    @Override
    public Verdict verify(MissionRecord mission, List<Head> noted) {
        return new ChainVerifier(steps).verify(mission, noted);
    }

    @Override
    public boolean order(MissionRecord mission, Order order) {
        return switch (order) {
            case Cancel -> missions.cancel(mission.uid(), "tagma cancel");
            case Suspend -> missions.suspend(mission.uid());
            case Resume -> missions.resume(mission.uid());
        };
    }

    @Override
    public Optional<Resolution> resolution() {
        return Optional.of(new Resolution(steps, missions));
    }

    @Override
    public Changes changes(Collection<MissionRecord> known) {
        return new Feed(known.stream()
                .filter(row -> !row.phase().terminal())
                .mapToLong(MissionRecord::version)
                .min()
                .orElse(Long.MAX_VALUE));
    }

    @Override
    public void close() {}

    private final class Feed implements Changes {
        private long version;

        private Feed(long version) {
            this.version = version;
        }

        @Override
        public List<MissionRecord> next() {
            List<MissionRecord> all = new ArrayList<>();
            List<MissionRecord> page;
            do {
                page = version == Long.MAX_VALUE ? List.of() : missions.changes(version, PAGE);
                all.addAll(page);
                version = page.isEmpty() ? version : page.getLast().version();
            } while (!page.isEmpty());
            return all;
        }

        @Override
        public void close() {}
    }
}
