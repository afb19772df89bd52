package dev.tagma.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nodes die, or are cut off and come back. */
@Scenarios(number = 5, value = "Nodes")
@Tag("nodes")
class NodesE2E {
    private static final Duration TAKEOVER = Duration.ofSeconds(15);

    private final Outside outside;

    NodesE2E(Outside outside) {
        this.outside = outside;
    }

    @AfterEach
    void bringBack() {
        Suite.kubectl("wait", "nodes", "--all", "--for=condition=Ready", "--timeout=120s")
                .ok();
        Tagma.awaitReady();
    }

    @Test
    void aNodeDies() {
        try (Fleet fleet = new Fleet("e2e-node-dies", outside, 3, 60)) {
            fleet.apply(18);
            fleet.awaitAllUnderWay();
            int node = mortalWithMissions(fleet);
            List<String> missions = fleet.runningOnNode(Nodes.name(node));
            Instant died = Instant.now();
            Instant joined;
            Nodes.kill(node);
            try {
                List<Long> takeovers = fleet.awaitTakeover(missions, died);
                Takeovers.report("takeover after the death of a node", takeovers, TAKEOVER);
            } finally {
                joined = Instant.now();
                Nodes.start(node);
            }
            fleet.judgeJoined(joined);
        }
    }

    @Test
    void aNodeIsCutOffAndItsRuntimeIsFencedWhenItComesBack() {
        try (Fleet fleet = new Fleet("e2e-node-cut", outside, 3, 80)) {
            fleet.apply(18);
            fleet.awaitAllUnderWay();
            int node = mortalWithMissions(fleet);
            List<String> missions = fleet.runningOnNode(Nodes.name(node));
            String runtime = Pods.runtimes(fleet.namespace()).stream()
                    .filter(pod -> node(pod).equals(Nodes.name(node)))
                    .map(Pods::name)
                    .findFirst()
                    .orElseThrow();
            Instant cut = Instant.now();
            Instant joined;
            Nodes.cut(node);
            List<Long> takeovers = new ArrayList<>();
            try {
                takeovers.addAll(fleet.awaitTakeover(missions, cut));
            } finally {
                joined = Instant.now();
                Nodes.join(node);
            }
            Takeovers.report("takeover from a node that is cut off", takeovers, TAKEOVER);
            Tagma.awaitReturned(runtime);
            fleet.judgeJoined(joined);
        }
    }

    /** One that runs missions, as many as any, and on which no scenario depends. */
    private static int mortalWithMissions(Fleet fleet) {
        assertThat(Pods.runtimes(fleet.namespace()).stream().map(NodesE2E::node))
                .as("nodes of the runtimes")
                .doesNotHaveDuplicates();
        int busiest = Nodes.MORTAL.stream()
                .max(Comparator.comparingInt(
                        node -> fleet.runningOnNode(Nodes.name(node)).size()))
                .orElseThrow();
        assertThat(fleet.runningOnNode(Nodes.name(busiest)))
                .as("missions on a node that may die")
                .isNotEmpty();
        return busiest;
    }

    private static String node(Pod pod) {
        return pod.getSpec().getNodeName();
    }
}
