package dev.tagma.operator.pool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Collection;

/** The certificates that vouch for the gateway, in a file that whoever renews them writes anew. */
final class GatewayAuthority {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final Path file;

    GatewayAuthority(Path file) {
        this.file = file;
    }

    /** The file holds nothing that runtimes could check a gateway by. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableException(Path file, Exception why) {
            super("the gateway's authority " + file
                    + " is no PEM file with certificates, so runtimes keep the former one: " + why.getMessage());
        }
    }

    /**
     * The certificates as they are now, and nothing else that may stand in the file: every namespace gets to read them. Never none, for
     * runtimes that were given none could not come back to their gateway.
     */
    String pem() throws UnusableException {
        try (InputStream content = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(content);
            if (certificates.isEmpty()) {
                throw new CertificateException("it holds none");
            }
            StringBuilder pem = new StringBuilder();
            for (Certificate each : certificates) {
                pem.append("-----BEGIN CERTIFICATE-----\n")
                        .append(LINES.encodeToString(each.getEncoded()))
                        .append("\n-----END CERTIFICATE-----\n");
            }
            return pem.toString();
        } catch (IOException | CertificateException e) {
            throw new UnusableException(file, e);
        }
    }
}
