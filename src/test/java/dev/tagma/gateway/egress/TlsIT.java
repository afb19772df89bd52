package dev.tagma.gateway.egress;

import static dev.tagma.gateway.egress.ScriptedServer.always;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.gateway.egress.EgressReply.Answered;
import dev.tagma.gateway.egress.EgressReply.NotSent;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TlsIT {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path directory;

    private static KeyStore store;

    private final List<String> named = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void certificateOfApiTest() throws Exception {
        Path file = directory.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=api.test",
                        "-ext",
                        "san=dns:api.test",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor())
                .as(new String(keytool.getInputStream().readAllBytes()))
                .isZero();
        store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
    }

    @Test
    void thePinnedAddressHasToProveTheHostsName() throws Exception {
        try (ScriptedServer server = ScriptedServer.on(listener(), always("200 OK", "", "hello"))) {
            HttpEgress egress = trusting(server);
            assertThat(egress.send(get("https://api.test/"), BodyReader.BEGINNING))
                    .isInstanceOf(Answered.class);
            assertThat(named).containsExactly("api.test");
            assertThat(egress.send(get("https://other.test/"), BodyReader.BEGINNING))
                    .isInstanceOfSatisfying(
                            NotSent.class,
                            notSent ->
                                    assertThat(notSent.reason()).startsWith("no trusted connection to other.test:443"));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
        try (ScriptedServer server = ScriptedServer.on(listener(), always("200 OK", "", "hello"))) {
            HttpEgress egress = new HttpEgress(
                    resolver(), EgressAudit.NONE, System::nanoTime, new FakeNetwork(server.port()).client());
            assertThat(egress.send(get("https://api.test/"), BodyReader.BEGINNING))
                    .isInstanceOf(NotSent.class);
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void aRedirectOutOfTlsIsNotFollowed() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.on(listener(), always("302 Found", "Location: http://api.test/\r\n", ""))) {
            assertThat(trusting(server).send(get("https://api.test/"), BodyReader.BEGINNING))
                    .isEqualTo(new NotSent("refused to follow a redirect from https to http"));
        }
    }

    private HttpEgress trusting(ScriptedServer server) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        certificates.load(null, null);
        certificates.setCertificateEntry("server", store.getCertificate("server"));
        trust.init(certificates);
        X509TrustManager manager = (X509TrustManager) trust.getTrustManagers()[0];
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        var client = new FakeNetwork(server.port())
                .client()
                .newBuilder()
                .sslSocketFactory(context.getSocketFactory(), manager)
                .build();
        return new HttpEgress(resolver(), EgressAudit.NONE, System::nanoTime, client);
    }

    private SSLServerSocket listener() throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        SSLServerSocket socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setSNIMatchers(List.of(new SNIMatcher(0) {
            @Override
            public boolean matches(SNIServerName name) {
                named.add(new String(name.getEncoded(), StandardCharsets.US_ASCII));
                return true;
            }
        }));
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static Resolver resolver() throws Exception {
        return new FakeResolver().answer("api.test", "93.184.216.34").answer("other.test", "93.184.216.34");
    }

    private static EgressRequest get(String url) {
        return new EgressRequest("GET", HttpUrl.get(url), List.of(), null, AllowedHosts.NONE, Duration.ofSeconds(5));
    }
}
