package dev.tagma.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.app.TestCertificate;
import dev.tagma.gateway.grpc.GrpcServerSettings.CertificateFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerCertificateTest {
    @TempDir
    private Path directory;

    private final ByHand timer = new ByHand();
    private CertificateFiles files;
    private TestCertificate old;
    private TestCertificate renewed;

    @BeforeEach
    void make() throws Exception {
        files = new CertificateFiles(directory.resolve("tls.crt"), directory.resolve("tls.key"), Duration.ofHours(1));
        old = TestCertificate.make(directory, "old");
        renewed = TestCertificate.make(directory, "renewed");
        write(old.certificate(), old.key());
    }

    @AfterEach
    void close() {
        timer.shutdownNow();
    }

    private void write(String certificate, String key) throws IOException {
        TestCertificate.put(files.certificate(), certificate);
        TestCertificate.put(files.key(), key);
    }

    @Test
    void noMomentOfARenewalShowsAnythingButAWholePair() throws Exception {
        X509ExtendedKeyManager shown = (X509ExtendedKeyManager) ServerCertificate.watched(files, timer);
        assertThat(shown(shown)).isEqualTo(parsed(old));

        write(renewed.certificate(), old.key());
        timer.reread.run();
        assertThat(shown(shown)).as("the key of another").isEqualTo(parsed(old));
        write(renewed.certificate().substring(0, 200), renewed.key());
        timer.reread.run();
        assertThat(shown(shown)).as("half a certificate").isEqualTo(parsed(old));
        write(renewed.certificate(), renewed.key().substring(0, 60));
        timer.reread.run();
        assertThat(shown(shown)).as("half a key").isEqualTo(parsed(old));
        write("", "");
        timer.reread.run();
        assertThat(shown(shown)).as("nothing yet").isEqualTo(parsed(old));
        Files.delete(files.certificate());
        timer.reread.run();
        assertThat(shown(shown)).as("no file").isEqualTo(parsed(old));

        write(renewed.certificate(), renewed.key());
        timer.reread.run();
        assertThat(shown(shown)).isEqualTo(parsed(renewed));
        write(old.certificate(), old.key());
        timer.reread.run();
        assertThat(shown(shown)).as("taken back").isEqualTo(parsed(old));
    }

    @Test
    void aPairThatDoesNotFitIsNoBeginning() throws Exception {
        write(renewed.certificate(), old.key());
        assertThatThrownBy(() -> ServerCertificate.watched(files, timer))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the key is not that of the certificate")
                .hasMessageContaining(files.key().toString());
    }

    private static Certificate shown(X509ExtendedKeyManager manager) {
        return manager.getCertificateChain(manager.chooseEngineServerAlias("EC", null, null))[0];
    }

    private static Certificate parsed(TestCertificate certificate) throws Exception {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(certificate.certificate().getBytes(StandardCharsets.UTF_8)));
    }

    /** Runs what is scheduled when the test says. */
    private static final class ByHand extends ScheduledThreadPoolExecutor {
        private Runnable reread;

        ByHand() {
            super(0);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long delay, TimeUnit unit) {
            reread = task;
            return null;
        }
    }
}
