package dev.tagma.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.manifest.ManifestReader;
import dev.tagma.manifest.Manifests;
import dev.tagma.manifest.Problem;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Manifests checked with the schemas and rules of the CRDs; the validator is made at the first use, so that help need not wait for it. */
final class CheckedManifests implements ManifestSource {
    private final InputStream standardInput;

    CheckedManifests(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    @Override
    public Reading read(Request request) {
        dev.tagma.manifest.Reading reading =
                new ManifestReader(standardInput).read(request.files(), request.recursive());
        return new Reading(
                resources(reading.manifests(), request.given()),
                lines(reading.problems()),
                lines(reading.unresolved()),
                reading.passedOver(),
                Stream.concat(
                                reading.written().stream(),
                                request.given().stream().map(CheckedManifests::written))
                        .toList(),
                reading.places().entrySet().stream()
                        .collect(Collectors.toMap(
                                place -> place.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue, (a, b) -> a)));
    }

    /** A file's ConfigMap goes where the manifests without a namespace go. */
    private static ObjectNode written(ConfigMap given) {
        ObjectNode object = Json.MAPPER.valueToTree(given);
        ((ObjectNode) object.get("metadata")).remove("namespace");
        return object;
    }

    private static List<String> lines(List<Problem> problems) {
        return problems.stream().map(Problem::toString).toList();
    }

    private static Resources resources(Manifests read, List<ConfigMap> given) {
        Stream.of(read.providers(), read.pools(), read.missions())
                .flatMap(List::stream)
                .forEach(CheckedManifests::identify);
        return new Resources(
                read.providers(),
                read.pools(),
                read.missions(),
                Stream.concat(read.configMaps().stream(), given.stream()).toList(),
                read.secrets(),
                read.namespaces());
    }

    private static void identify(HasMetadata resource) {
        resource.getMetadata()
                .setUid(ResourceUid.of(
                                resource.getKind(),
                                resource.getMetadata().getNamespace(),
                                resource.getMetadata().getName())
                        .toString());
    }
}
