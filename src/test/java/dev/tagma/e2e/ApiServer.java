package dev.tagma.e2e;

import io.fabric8.kubernetes.client.Config;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The cluster's API server as somebody sees it who has a token and nothing else. */
final class ApiServer {
    private ApiServer() {}

    static Http as(String token) {
        Config config = Suite.client().getConfiguration();
        HttpClient client = HttpClient.newBuilder()
                .sslContext(trusting(authorities(config)))
                .build();
        return new Http(client, config.getMasterUrl().replaceFirst("/$", ""), token);
    }

    private static byte[] authorities(Config config) {
        if (config.getCaCertData() != null) {
            return Base64.getDecoder().decode(config.getCaCertData());
        }
        try {
            return Files.readAllBytes(Path.of(config.getCaCertFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SSLContext trusting(byte[] pem) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate each :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
                store.setCertificateEntry("authority" + number++, each);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
