package dev.tagma.gateway.grpc;

import dev.tagma.gateway.grpc.GrpcServerSettings.CertificateFiles;
import dev.tagma.mission.Digest;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;

/**
 * The certificate that a gateway shows, read again while it serves. Connections live on under the one that they began with. A pair that
 * does not fit, of which perhaps only a half is written yet, changes nothing.
 */
final class ServerCertificate {
    private static final Logger LOG = System.getLogger(ServerCertificate.class.getName());
    private static final byte[] SAMPLE = {1, 2, 3};

    private final CertificateFiles files;
    private final AdvancedTlsX509KeyManager shown = new AdvancedTlsX509KeyManager();
    private Digest tried;

    private ServerCertificate(CertificateFiles files) {
        this.files = files;
    }

    /** Shows what the files hold now, and from then on what {@code timer} finds in them. Throws IOException where they hold no certificate. */
    static KeyManager watched(CertificateFiles files, ScheduledExecutorService timer) throws IOException {
        ServerCertificate certificate = new ServerCertificate(files);
        try {
            certificate.read();
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException(certificate + " hold no certificate with its key: " + e.getMessage(), e);
        }
        long every = files.rereadEvery().toMillis();
        timer.scheduleWithFixedDelay(certificate::reread, every, every, TimeUnit.MILLISECONDS);
        return certificate.shown;
    }

    private void reread() {
        try {
            if (read()) {
                LOG.log(Level.INFO, "new connections are shown the new certificate of {0}", files.certificate());
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            LOG.log(Level.WARNING, "the certificate is left as it is: " + this + " cannot be used", e);
        }
    }

    private boolean read() throws IOException, GeneralSecurityException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        byte[] certificate = Files.readAllBytes(files.certificate());
        byte[] key = Files.readAllBytes(files.key());
        both.writeBytes(certificate);
        both.writeBytes(key);
        Digest digest = Digest.sha256(both.toByteArray());
        if (digest.equals(tried)) {
            return false;
        }
        tried = digest;
        X509Certificate[] chain = CertificateUtils.getX509Certificates(new ByteArrayInputStream(certificate));
        PrivateKey secret = PrivateKeyPem.read(key);
        if (chain.length == 0) {
            throw new GeneralSecurityException("no certificate in PEM");
        }
        if (!fit(chain[0].getPublicKey(), secret)) {
            throw new GeneralSecurityException("the key is not that of the certificate");
        }
        shown.updateIdentityCredentials(chain, secret);
        return true;
    }

    private static boolean fit(PublicKey open, PrivateKey secret) throws GeneralSecurityException {
        if (!open.getAlgorithm().equals(secret.getAlgorithm())) {
            return false;
        }
        String algorithm = switch (secret.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            case String other -> other;
        };
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(secret);
        signature.update(SAMPLE);
        byte[] signed = signature.sign();
        signature.initVerify(open);
        signature.update(SAMPLE);
        return signature.verify(signed);
    }

    @Override
    public String toString() {
        return files.certificate() + " and " + files.key();
    }
}
