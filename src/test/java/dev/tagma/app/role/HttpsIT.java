package dev.tagma.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.app.TestCertificate;
import dev.tagma.kube.Ports;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS of a gateway's HTTP: with the certificate in its files as they are now. */
@Timeout(180)
class HttpsIT {
    @TempDir
    private Path directory;

    @Test
    void aRenewedCertificateIsShownWithoutARestart() throws Exception {
        X509Certificate first = renew("first");
        int port = Ports.free();
        Map<String, String> environment = Map.of(
                "TAGMA_NAMESPACE",
                "tagma-system",
                "TAGMA_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:" + Ports.free() + "/none",
                "TAGMA_TLS_CERT",
                directory.resolve("tls.crt").toString(),
                "TAGMA_TLS_KEY",
                directory.resolve("tls.key").toString(),
                "TAGMA_TLS_REREAD_SECONDS",
                "30",
                "TAGMA_HTTPS_PORT",
                Integer.toString(port));
        try (RoleProcess gateway =
                RoleProcess.start("gateway", environment, Ports.free(), directory.resolve("gateway.log"))) {
            ThreeRoles.waiting(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(shown(port)).as(gateway.printed()).isEqualTo(first));
            X509Certificate second = renew("second");
            ThreeRoles.waiting(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(shown(port)).isEqualTo(second));
        }
    }

    /** Puts a new pair where the gateway finds it, each file whole at any moment. */
    private X509Certificate renew(String name) throws Exception {
        TestCertificate made = TestCertificate.make(directory, name);
        TestCertificate.put(directory.resolve("tls.key"), made.key());
        TestCertificate.put(directory.resolve("tls.crt"), made.certificate());
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(made.certificate().getBytes(StandardCharsets.US_ASCII)));
    }

    /** The certificate that the server shows to a client that trusts any. */
    private static Certificate shown(int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // the test compares what is shown
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
