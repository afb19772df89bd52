package dev.tagma.app.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.app.fleet.ClusterAddress;
import dev.tagma.app.fleet.ClusterFleet;
import dev.tagma.app.fleet.FleetException;
import dev.tagma.app.fleet.FleetException.Kind;
import dev.tagma.app.view.MissionProgress;
import dev.tagma.mission.ChainVerifier.Verdict;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Resolution;
import dev.tagma.mission.Step;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** The missions of a cluster: read and ordered through its gateway, applied to its API server. */
public final class KubernetesFleet implements ClusterFleet {
    private static final String ROOT = "/api/v1alpha1/";
    private static final int PAGE = 500;

    private final GatewayClient gateway;
    private final KubernetesClient client;
    private final String home;
    private final Runnable closing;
    private final Versions versions = new Versions();
    private final Map<UUID, ObjectNode> objects = new HashMap<>();

    /** {@code client} and {@code closing} are closed with it. */
    KubernetesFleet(GatewayClient gateway, KubernetesClient client, Runnable closing) {
        this.gateway = gateway;
        this.client = client;
        this.closing = closing;
        String namespace = client.getConfiguration().getNamespace();
        this.home = namespace == null || namespace.isEmpty() ? "default" : namespace;
    }

    /** Reads the kubeconfig and finds the way to the gateway. */
    public static KubernetesFleet open(ClusterAddress address) {
        return Way.to(address);
    }

    @Override
    public Optional<String> home() {
        return Optional.of(home);
    }

    @Override
    public List<MissionRecord> list(String namespace) {
        String path = ROOT + (namespace == null ? "" : "namespaces/" + segment(namespace) + "/") + "missions?limit="
                + PAGE + "&sort=created";
        List<MissionRecord> all = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = gateway.get(next.isEmpty() ? path : path + "&continue=" + segment(next))
                    .orElseThrow(() -> new FleetException(Kind.Refused, "the gateway lists no missions"));
            page.path("items").forEach(item -> all.add(seen(item)));
            next = page.path("continue").asText("");
        } while (!next.isEmpty());
        return all;
    }

    @Override
    public Optional<MissionRecord> find(String namespace, String name) {
        return gateway.get(path(namespace, name)).map(this::seen);
    }

    /** One of the same name is another mission; one that is gone was ended by whoever deleted it. */
    @Override
    public Optional<MissionRecord> now(MissionRecord mission) {
        return Optional.of(find(mission.namespace(), mission.name())
                .filter(found -> found.uid().equals(mission.uid()))
                .orElseGet(() -> versions.next(gone(mission))));
    }

    private static MissionRecord gone(MissionRecord mission) {
        if (mission.phase().terminal()) {
            return mission;
        }
        Outcome deleted = Outcome.failed(Reason.CancelRequested, "it was deleted from the cluster");
        return MissionJson.ended(mission, deleted);
    }

    private MissionRecord seen(JsonNode object) {
        MissionRecord row = versions.next(MissionJson.ofObject(object));
        if (object instanceof ObjectNode node) {
            if (node.get("metadata") instanceof ObjectNode metadata) {
                metadata.remove("managedFields");
            }
            objects.put(row.uid(), node);
        }
        return row;
    }

    @Override
    public MissionProgress progress(MissionRecord mission) {
        return MissionProgress.of(mission);
    }

    /** Empty too where the caller may not read transcripts: what a mission is said to have done then is what its status says. */
    @Override
    public List<Step> steps(MissionRecord mission, long after, int limit) {
        return gateway.get(path(mission.namespace(), mission.name()) + "/transcript?after=" + after + "&limit=" + limit)
                .map(page -> {
                    List<Step> steps = new ArrayList<>();
                    page.path("steps").forEach(entry -> steps.add(StepJson.entry(entry)));
                    return steps;
                })
                .orElse(new ArrayList<>());
    }

    @Override
    public ObjectNode document(MissionProgress mission) {
        MissionRecord row = mission.record();
        ObjectNode known = objects.get(row.uid());
        boolean current = known != null
                && known.path("status")
                        .path("phase")
                        .asText()
                        .equals(row.phase().name());
        if (!current) {
            gateway.get(path(row.namespace(), row.name())).ifPresent(this::seen);
        }
        ObjectNode document = objects.get(row.uid());
        if (document == null) {
            throw new FleetException(Kind.Refused, "mission " + row.namespace() + "/" + row.name() + " is gone");
        }
        return document.deepCopy().put("apiVersion", "tagma.dev/v1alpha1").put("kind", "Mission");
    }

    @Override
    public Verdict verify(MissionRecord mission, List<Head> noted) {
        List<Head> heads = new ArrayList<>(noted);
        checkpoint(mission).ifPresent(heads::add);
        return new RemoteChain(gateway, path(mission.namespace(), mission.name()) + "/chain").verify(mission, heads);
    }

    /** From the API server itself: a gateway that cut a chain would hide it in what it says of the mission. */
    private Optional<Head> checkpoint(MissionRecord mission) {
        try {
            GenericKubernetesResource object = client.genericKubernetesResources("tagma.dev/v1alpha1", "Mission")
                    .inNamespace(mission.namespace())
                    .withName(mission.name())
                    .get();
            return Optional.ofNullable(object)
                    .map(found -> MissionJson.ofObject(GatewayClient.JSON.valueToTree(found)))
                    .filter(found -> found.uid().equals(mission.uid()))
                    .map(MissionRecord::head)
                    .filter(head -> head.seq() > 0);
        } catch (KubernetesClientException e) {
            throw ApiServerTrouble.translate("the checkpoint in the mission's status", e);
        }
    }

    @Override
    public boolean order(MissionRecord mission, Order order) {
        boolean useless = switch (order) {
            case Cancel -> mission.phase().terminal();
            case Suspend -> mission.phase().terminal() || mission.reason() == Reason.Suspended;
            case Resume -> mission.reason() != Reason.Suspended;
        };
        return !useless
                && gateway.patch(path(mission.namespace(), mission.name()), patch(order))
                        .isPresent();
    }

    private static ObjectNode patch(Order order) {
        ObjectNode patch = GatewayClient.JSON.createObjectNode();
        ObjectNode spec = patch.putObject("spec");
        switch (order) {
            case Cancel -> spec.put("cancel", true);
            case Suspend -> spec.put("suspend", true);
            case Resume -> spec.put("suspend", false);
        }
        return patch;
    }

    @Override
    public Optional<Resolution> resolution() {
        return Optional.empty();
    }

    @Override
    public Changes changes(Collection<MissionRecord> missions) {
        EventFeed feed = new EventFeed(
                gateway, missions.stream().map(MissionRecord::namespace).collect(Collectors.toSet()));
        return new Changes() {
            @Override
            public List<MissionRecord> next() {
                return feed.next().stream().map(versions::next).toList();
            }

            @Override
            public void close() {
                feed.close();
            }
        };
    }

    @Override
    public List<MissionRecord> apply(List<ObjectNode> manifests) {
        return new Applier(client, home)
                .apply(manifests).stream().map(this::seen).toList();
    }

    private static String path(String namespace, String name) {
        return ROOT + "namespaces/" + segment(namespace) + "/missions/" + segment(name);
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        closing.run();
    }
}
