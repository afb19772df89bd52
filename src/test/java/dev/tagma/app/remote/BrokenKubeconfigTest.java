package dev.tagma.app.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tagma.app.fleet.ClusterAddress;
import dev.tagma.app.fleet.FleetException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way in which a kubeconfig can be wrong is said in a line, before anybody is dialled and without what is secret in it. */
class BrokenKubeconfigTest {
    private static final String SECRET = "s3cr3t";
    private static final String WHOLE = """
            apiVersion: v1
            kind: Config
            clusters:
            - name: c
              cluster: {server: 'https://127.0.0.1:1'}
            contexts:
            - name: x
              context: {cluster: c, user: u, namespace: n}
            current-context: x
            users:
            - name: u
              user: {token: s3cr3t}
            """;

    @TempDir
    private Path directory;

    @Test
    void oneThatIsWholeIsTaken() throws Exception {
        try (KubernetesFleet fleet = open(WHOLE, null)) {
            assertThat(fleet.home()).contains("n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    kind: Config                     | kind: Secret                      | its kind must be Config
                    clusters:                        | {{                                | is no YAML
                    current-context: x               | current-context: y                | has no context y: it has [x]
                    current-context: x               | a: b                              | no current context: name one of [x]
                    cluster: c,                      | cluster: d,                       | names the cluster "d"
                    user: u,                         | user: v,                          | names the user "v"
                    user: u,                         | a: b,                             | names the user ""
                    server:                          | serve:                            | has the server ""
                    https://127.0.0.1:1              | ht tp:/x                          | has the server "ht tp:/x"
                    https://127.0.0.1:1              | ftp://127.0.0.1                   | write it as https://HOST:PORT
                    {server:                         | {certificate-authority: ca, server: | names the certificate-authority
                    {server:                         | {certificate-authority-data: '%', server: | certificate-authority-data that is not in base64
                    {token: s3cr3t}                  | {token: s3cr3t, client-key: key}  | names the client-key
                    {token: s3cr3t}                  | {tokenFile: token}                | names the tokenFile
                    {token: s3cr3t}                  | {token: "s3cr3t\\nmore"}          | holds a blank or a line break
                    {token: s3cr3t}                  | {}                                | has no token to show
                    {token: s3cr3t}                  | {username: u, password: s3cr3t}   | has no token to show
                    {token: s3cr3t}                  | {exec: {apiVersion: client.authentication.k8s.io/v1, command: false, interactiveMode: Never}} | plugin false of the kubeconfig's user gave no token
                    """)
    void whatIsWrongIsSaid(String right, String wrong, String words) throws IOException {
        assertThat(WHOLE).contains(right);
        assertThat(refusal(WHOLE.replace(right, wrong), null)).contains(words);
    }

    @ParameterizedTest
    @CsvSource({"'', no current context", "'- a', its kind must be Config", "hello, its kind must be Config"})
    void whatIsNoKubeconfigIsSaid(String text, String words) throws IOException {
        assertThat(refusal(text, null)).contains(words);
    }

    @Test
    void aContextThatIsNotThereIsSaid() throws IOException {
        assertThat(refusal(WHOLE, "prod")).contains("has no context prod: it has [x]");
    }

    @Test
    void aFileThatCannotBeReadIsSaid() {
        assertThat(refusal(directory.resolve("none"), null)).contains("none cannot be read");
        assertThat(refusal(directory, null)).contains("cannot be read");
    }

    @Test
    void filesBesideItAreFound() throws Exception {
        Files.writeString(directory.resolve("token"), SECRET + "\n");
        try (KubernetesFleet fleet = open(WHOLE.replace("token: s3cr3t", "tokenFile: token"), "x")) {
            assertThat(fleet.home()).contains("n");
        }
    }

    private KubernetesFleet open(String text, String context) throws IOException {
        return open(Files.writeString(directory.resolve("config"), text), context);
    }

    private static KubernetesFleet open(Path file, String context) {
        return KubernetesFleet.open(
                new ClusterAddress(file, context, URI.create("http://127.0.0.1:1"), null, "tagma-system", null));
    }

    private String refusal(String text, String context) throws IOException {
        return refusal(Files.writeString(directory.resolve("config"), text), context);
    }

    private static String refusal(Path file, String context) {
        FleetException refusal = catchThrowableOfType(
                FleetException.class, () -> open(file, context).close());
        assertThat(refusal).isNotNull();
        assertThat(refusal.kind()).isEqualTo(FleetException.Kind.Refused);
        assertThat(refusal.getMessage()).doesNotContain(SECRET).doesNotContain("\n");
        return refusal.getMessage();
    }
}
