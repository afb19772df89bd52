package dev.tagma.app.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.app.fleet.FleetException;
import dev.tagma.app.fleet.FleetException.Kind;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a kubeconfig says, read once more: the client reads over what is wrong in one and goes on with what is left, to a server that nobody
 * named. Files are merged as kubectl does it: the first one that has an entry of a name counts.
 */
final class Kubeconfig {
    private static final List<String> CLUSTER_FILES = List.of("certificate-authority");
    private static final List<String> USER_FILES = List.of("client-certificate", "client-key", "tokenFile");

    private final List<Path> files;
    private final Map<String, Entry> clusters = new LinkedHashMap<>();
    private final Map<String, Entry> contexts = new LinkedHashMap<>();
    private final Map<String, Entry> users = new LinkedHashMap<>();
    private String current = "";

    /** What stands under a name, and in which file. */
    private record Entry(JsonNode content, Path file) {
        Path beside(String name) {
            return file.toAbsolutePath().resolveSibling(name);
        }
    }

    /**
     * How a context's user proves who it is, beside what the client reads by itself.
     *
     * @param plugin the command of its credential plugin
     * @param tokenFile that holds its token, which the client reads over
     */
    record User(Optional<String> plugin, Optional<Path> tokenFile) {
        /** Of no kubeconfig. */
        static final User NONE = new User(Optional.empty(), Optional.empty());
    }

    private Kubeconfig(List<Path> files) {
        this.files = files;
    }

    /** Throws FleetException, which says what to mend, where one of the files is none. */
    static Kubeconfig of(Collection<Path> files) {
        Kubeconfig kubeconfig = new Kubeconfig(List.copyOf(files));
        files.forEach(kubeconfig::read);
        return kubeconfig;
    }

    private void read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw refused("the kubeconfig " + file + " cannot be read");
        }
        JsonNode tree;
        try {
            tree = new KubernetesSerialization().unmarshal(text, JsonNode.class);
        } catch (RuntimeException e) {
            // what a parser says may quote the file, and with it a token
            throw refused("the kubeconfig " + file + " is no YAML");
        }
        if (tree == null || tree.isNull() || tree.isMissingNode()) {
            return;
        }
        if (!tree.isObject() || !tree.path("kind").asText("Config").equals("Config")) {
            throw refused("the kubeconfig " + file + " is no kubeconfig: its kind must be Config");
        }
        take(tree, "cluster", clusters, file);
        take(tree, "context", contexts, file);
        take(tree, "user", users, file);
        current = current.isEmpty() ? tree.path("current-context").asText("") : current;
    }

    private static void take(JsonNode tree, String kind, Map<String, Entry> entries, Path file) {
        for (JsonNode each : tree.path(kind + "s")) {
            entries.putIfAbsent(each.path("name").asText(), new Entry(each.path(kind), file));
        }
    }

    /** Whether nothing is in it. */
    boolean empty() {
        return clusters.isEmpty() && contexts.isEmpty() && users.isEmpty() && current.isEmpty();
    }

    /**
     * The user of the context, or with null of the current one. Throws FleetException, which says what to mend, where it does not lead to a
     * server and a user.
     */
    User user(String context) {
        String chosen = context == null ? current : context;
        if (chosen.isEmpty()) {
            throw refused("the kubeconfig " + names() + " has no current context: name one of " + contexts.keySet()
                    + " with --context");
        }
        Entry found = contexts.get(chosen);
        if (found == null) {
            throw refused("the kubeconfig " + names() + " has no context " + chosen + ": it has " + contexts.keySet());
        }
        checkCluster(chosen, named("cluster", found, chosen, clusters));
        Entry user = named("user", found, chosen, users);
        checkFiles("user", user, USER_FILES);
        return new User(
                text(user.content().path("exec").path("command")),
                text(user.content().path("tokenFile")).map(user::beside));
    }

    private static Optional<String> text(JsonNode field) {
        return Optional.of(field.asText("")).filter(value -> !value.isEmpty());
    }

    private Entry named(String kind, Entry context, String chosen, Map<String, Entry> entries) {
        String name = context.content().path(kind).asText("");
        Entry found = entries.get(name);
        if (found == null) {
            throw refused("the context " + chosen + " names the " + kind + " \"" + name + "\", which the kubeconfig "
                    + names() + " does not have: it has " + entries.keySet());
        }
        return found;
    }

    private static void checkCluster(String context, Entry cluster) {
        String server = cluster.content().path("server").asText("");
        if (!isUrl(server)) {
            throw refused("the cluster of the context " + context + " has the server \"" + server + "\" in "
                    + cluster.file() + ": write it as https://HOST:PORT");
        }
        checkFiles("cluster", cluster, CLUSTER_FILES);
    }

    private static boolean isUrl(String server) {
        try {
            URI uri = URI.create(server.contains("://") ? server : "https://" + server);
            return uri.getHost() != null && List.of("http", "https").contains(uri.getScheme());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void checkFiles(String kind, Entry entry, List<String> fields) {
        for (String field : fields) {
            String name = entry.content().path(field).asText("");
            Path file = entry.beside(name);
            if (!name.isEmpty() && !(Files.isReadable(file) && Files.isRegularFile(file))) {
                throw refused("the " + kind + " in the kubeconfig " + entry.file() + " names the " + field + " " + file
                        + ", which cannot be read");
            }
            checkData(kind, entry, field + "-data");
        }
    }

    private static void checkData(String kind, Entry entry, String field) {
        try {
            Base64.getDecoder().decode(entry.content().path(field).asText("").replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw refused("the " + kind + " in the kubeconfig " + entry.file() + " has a " + field
                    + " that is not in base64");
        }
    }

    private String names() {
        List<String> names = new ArrayList<>();
        files.forEach(file -> names.add(file.toString()));
        return String.join(", ", names);
    }

    private static FleetException refused(String message) {
        return new FleetException(Kind.Refused, message);
    }
}
