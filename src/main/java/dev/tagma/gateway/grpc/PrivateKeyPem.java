package dev.tagma.gateway.grpc;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private key in PEM, in each of the three forms that tools write: PKCS#8 (RFC 5958), RSA's own (PKCS#1, RFC 8017: Helm and
 * cert-manager by default) and that of elliptic curves (SEC 1, RFC 5915: {@code openssl ecparam}). The JDK reads the first, so the others
 * are put into it.
 */
public final class PrivateKeyPem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----([^-]*)-----END \\1-----");

    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int NULL = 0x05;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int SEQUENCE = 0x30;
    private static final int CURVE = 0xA0;
    private static final int LONG_LENGTH = 0x80;
    private static final int BYTE = 0xFF;

    /** 1.2.840.113549.1.1.1, rsaEncryption. */
    private static final byte[] RSA = {0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 0x01, 0x01, 0x01};

    /** 1.2.840.10045.2.1, id-ecPublicKey. */
    private static final byte[] EC = {0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x02, 0x01};

    private PrivateKeyPem() {}

    /** The first private key of {@code pem}. Throws GeneralSecurityException where there is none, or none that can be read. */
    public static PrivateKey read(byte[] pem) throws GeneralSecurityException {
        Matcher block = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        if (!block.find()) {
            throw new GeneralSecurityException("no private key in PEM");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(block.group(2));
            return switch (block.group(1)) {
                case "RSA PRIVATE KEY" -> key("RSA", pkcs8(identifier(RSA, element(NULL)), der));
                case "EC PRIVATE KEY" -> key("EC", pkcs8(identifier(EC, curve(der)), der));
                case "ENCRYPTED PRIVATE KEY" -> throw new GeneralSecurityException("the private key is encrypted");
                default -> anyOf(der);
            };
        } catch (IOException | IllegalArgumentException e) {
            throw new GeneralSecurityException("the private key is no DER in base 64", e);
        }
    }

    private static PrivateKey anyOf(byte[] pkcs8) throws GeneralSecurityException {
        GeneralSecurityException trouble = new GeneralSecurityException("the private key is of no known algorithm");
        for (String algorithm : new String[] {"EC", "RSA", "EdDSA"}) {
            try {
                return key(algorithm, pkcs8);
            } catch (GeneralSecurityException e) {
                trouble.addSuppressed(e);
            }
        }
        throw trouble;
    }

    private static PrivateKey key(String algorithm, byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, element(INTEGER, new byte[] {0}), algorithm, element(OCTET_STRING, key));
    }

    private static byte[] identifier(byte[] algorithm, byte[] parameters) {
        return element(SEQUENCE, element(OBJECT_IDENTIFIER, algorithm), parameters);
    }

    /** The name of the curve, the third member of ECPrivateKey: optional by the RFC, and always written by tools. */
    private static byte[] curve(byte[] der) throws IOException, GeneralSecurityException {
        ByteArrayInputStream key = new ByteArrayInputStream(content(new ByteArrayInputStream(der), SEQUENCE));
        content(key, INTEGER);
        content(key, OCTET_STRING);
        if (key.available() == 0) {
            throw new GeneralSecurityException("the private key does not name its curve: write it as PKCS#8");
        }
        return content(key, CURVE);
    }

    private static byte[] content(ByteArrayInputStream in, int tag) throws IOException {
        int found = in.read();
        if (found != tag) {
            throw new IOException("tag " + found + " in place of " + tag);
        }
        int length = in.read();
        if (length > LONG_LENGTH) {
            int bytes = length - LONG_LENGTH;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | in.read();
            }
        }
        if (length < 0 || length > in.available()) {
            throw new IOException("ends too early");
        }
        return in.readNBytes(length);
    }

    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length < LONG_LENGTH) {
            out.write(length);
        } else {
            int bytes = length <= BYTE ? 1 : 2;
            out.write(LONG_LENGTH + bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >> 8 * i & BYTE);
            }
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
