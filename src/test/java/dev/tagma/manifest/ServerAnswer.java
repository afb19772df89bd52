package dev.tagma.manifest;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a real API server answers to a document of a manifest, sent as it is written, in a dry run that drops no unknown field. */
record ServerAnswer(int code, String message) {
    private static final Map<String, String> RESOURCES = Map.of(
            "AgentPool", "apis/tagma.dev/v1alpha1/namespaces/%s/agentpools",
            "Mission", "apis/tagma.dev/v1alpha1/namespaces/%s/missions",
            "ModelProvider", "apis/tagma.dev/v1alpha1/namespaces/%s/modelproviders",
            "ConfigMap", "api/v1/namespaces/%s/configmaps",
            "Secret", "api/v1/namespaces/%s/secrets");
    private static final Pattern KIND = Pattern.compile("(?m)^kind: (\\w+)$");
    private static final Pattern NAMESPACE = Pattern.compile("(?m)^  namespace: (\\S+)$");
    private static final Pattern NAME = Pattern.compile("(?m)^  name: (\\S+)$");
    private static final String DRY_RUN = "?dryRun=All&fieldValidation=Strict&fieldManager=test";

    /** Server-side apply answers 500 where a value is not of its type. */
    boolean isRefusal() {
        return code >= 400;
    }

    /** The answers when each document of the file is created. */
    static List<ServerAnswer> toCreate(KubernetesClient client, Path file) throws IOException {
        return answers(client, file, "POST", "application/yaml", document -> "");
    }

    /** The answers when each document of the file is applied by the server. */
    static List<ServerAnswer> toApply(KubernetesClient client, Path file) throws IOException {
        return answers(
                client,
                file,
                "PATCH",
                "application/apply-patch+yaml",
                document -> "/" + first(NAME, document, "unnamed"));
    }

    private static List<ServerAnswer> answers(
            KubernetesClient client, Path file, String method, String type, UnaryOperator<String> name)
            throws IOException {
        List<ServerAnswer> answers = new ArrayList<>();
        for (String document : Files.readString(file).split("(?m)^---$")) {
            String path = RESOURCES.get(first(KIND, document, "")).formatted(first(NAMESPACE, document, "default"));
            HttpRequest request = client.getHttpClient()
                    .newHttpRequestBuilder()
                    .uri(client.getMasterUrl() + path + name.apply(document) + DRY_RUN)
                    .method(method, type, document)
                    .build();
            var response =
                    client.getHttpClient().sendAsync(request, String.class).join();
            answers.add(new ServerAnswer(
                    response.code(),
                    new ObjectMapper().readTree(response.body()).path("message").asText()));
        }
        return answers;
    }

    private static String first(Pattern pattern, String document, String otherwise) {
        Matcher matcher = pattern.matcher(document);
        return matcher.find() ? matcher.group(1) : otherwise;
    }
}
