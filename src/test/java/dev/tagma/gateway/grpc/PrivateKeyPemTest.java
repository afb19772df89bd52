package dev.tagma.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that openssl made for this test, each in the forms that it writes. */
class PrivateKeyPemTest {
    private static final String RSA = """
            -----BEGIN RSA PRIVATE KEY-----
            MIIEpAIBAAKCAQEAnfo7H5PGjZFIuzotsBzH4UcgXJrD+QsjNK4tCQ3FIKBCKmok
            lw78MVsO5ftnz0+PU91OmIRnqyt2fu6+SiWgpZrPhrvmLw8AsSPJqB5WbSkCUH9u
            AYg9uMZVPuupW1GFpsgNLRmXVmif2jnbppqTJtbTfvM2RU6g/pK4HsWLTzIiMtjS
            7buS14dubSkUUb82UUiY0LpEwjwkpXJIdwxugKsDHhs1CB+X9WhAATxov2U3K0kO
            c1vPok1g1eeOkcezq4js7hQCCqRkXbV1XCqWh19BqBu+GyjaWG+0XRCH/pqBzmBS
            Kq+ChwOJcNur36FqnCKRNc0paMrIFtZlhqfNfQIDAQABAoIBACG27hhCnuzGlUmT
            1H1R3xyGY/MvemRziotrIqRcgnYAja5kobN1WMAlyUuuuExnk9SXlfb5xvAiYfMb
            +5NybVL6c5CzGCBx6LllRFuzQcmhJ2PLlkwQae+9sCKyA55ACzB5YEqAPCqOQJM/
            ps9rDL2Mum1M9YecDMLXyCCVEzKO0CMPxOsBH2qTnzm83Mm0LHLEiQWZTB/aj3mC
            mzkEFylw5zHcvMCYJCUp/LdbFnVisN26Z/BJR7iobTqiMuJ8ksW7Fzd4ELkJXUoi
            GAbFqtDwHzJNED3I0UFJs8r4xjfowMSUOm+6ir4GmPoCS7hD8PEcUbPUdev8POhX
            eqpVq7cCgYEAyzJL78vrs7ddg8SCsMyZG2hbdpG9zbQer1CFZTVv6dB7Qxij/JZb
            bro2aqmoNjIQ7w/whccUiLumQPd2jOL7niZc/ptXxpFOTtERv5XA81513oW0PNfg
            1Q32KjhGttwkw2spYCzASxAjQ+qoo5c9Zx+lCVGUwWQL1X3k31o7g+MCgYEAxwe6
            GydWwCJnuxA+0ZYP1hcdehApDEeaQPlCt5K1NyeUA2/a8buA2JcVkz4MnmMHBMB9
            +sEaiMRLcev6ZCt4qWfjg8AxgfL/Q+4dvqxFmwWkaJcXuERn6d7cZQVzpn5aPVoX
            KUTVOfYmxFZNuT9rSRDJ4Kj6f+7Qxu7s8rmb5x8CgYEAnNm1bmSODEtGH3nonEtD
            ALocqDk2N3yLly7j2c1XFzi8fX2e0FLMP3v0l39g/nzFP5ShSNL1EdswKcQcOgLY
            0iqw7ETDi98MgKC4P5h8uiA3gk7ZY4IM5smBNPP9+heTNVoaNUg2I3tQjZOtG6Ka
            Xmk5/yh/WI0+6UzmCFdhy5sCgYEAt1dr3eWgKT/IVG7Dn2ff0LTcZ3wJhBFVjHLR
            Pa+8lUE1PPFGPBYgu+R5cHjhQOoyJfN4WYyW99PzN89MigftkAhucgiS0oVZFmd8
            KRAi0oohCGPe6tTA8JRma/zYq0+LqyaZXV/WGB2jWoux72r3VohLn1Op5j3FPuwL
            hBDtB7sCgYBcvfIjKLThqM508Qt65gCnCtTc4NvI0TwoylrB6JUpisvto9pP4cn4
            AM/DuGCBBXPVXnKtKI1J4PlIiK6G0g2zyDMrMkEf6uw0Kd9v75bIB6JCLxUQNJzI
            p4twS1wKMU5hjEUClLT+QhBfiJLLCUEiUw6kmQsNfmF2dMki3LM9/A==
            -----END RSA PRIVATE KEY-----
            """;
    private static final String RSA_AS_PKCS8 = """
            -----BEGIN PRIVATE KEY-----
            MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQCd+jsfk8aNkUi7
            Oi2wHMfhRyBcmsP5CyM0ri0JDcUgoEIqaiSXDvwxWw7l+2fPT49T3U6YhGerK3Z+
            7r5KJaClms+Gu+YvDwCxI8moHlZtKQJQf24BiD24xlU+66lbUYWmyA0tGZdWaJ/a
            OdummpMm1tN+8zZFTqD+krgexYtPMiIy2NLtu5LXh25tKRRRvzZRSJjQukTCPCSl
            ckh3DG6AqwMeGzUIH5f1aEABPGi/ZTcrSQ5zW8+iTWDV546Rx7OriOzuFAIKpGRd
            tXVcKpaHX0GoG74bKNpYb7RdEIf+moHOYFIqr4KHA4lw26vfoWqcIpE1zSloysgW
            1mWGp819AgMBAAECggEAIbbuGEKe7MaVSZPUfVHfHIZj8y96ZHOKi2sipFyCdgCN
            rmShs3VYwCXJS664TGeT1JeV9vnG8CJh8xv7k3JtUvpzkLMYIHHouWVEW7NByaEn
            Y8uWTBBp772wIrIDnkALMHlgSoA8Ko5Akz+mz2sMvYy6bUz1h5wMwtfIIJUTMo7Q
            Iw/E6wEfapOfObzcybQscsSJBZlMH9qPeYKbOQQXKXDnMdy8wJgkJSn8t1sWdWKw
            3bpn8ElHuKhtOqIy4nySxbsXN3gQuQldSiIYBsWq0PAfMk0QPcjRQUmzyvjGN+jA
            xJQ6b7qKvgaY+gJLuEPw8RxRs9R16/w86Fd6qlWrtwKBgQDLMkvvy+uzt12DxIKw
            zJkbaFt2kb3NtB6vUIVlNW/p0HtDGKP8lltuujZqqag2MhDvD/CFxxSIu6ZA93aM
            4vueJlz+m1fGkU5O0RG/lcDzXnXehbQ81+DVDfYqOEa23CTDaylgLMBLECND6qij
            lz1nH6UJUZTBZAvVfeTfWjuD4wKBgQDHB7obJ1bAIme7ED7Rlg/WFx16ECkMR5pA
            +UK3krU3J5QDb9rxu4DYlxWTPgyeYwcEwH36wRqIxEtx6/pkK3ipZ+ODwDGB8v9D
            7h2+rEWbBaRolxe4RGfp3txlBXOmflo9WhcpRNU59ibEVk25P2tJEMngqPp/7tDG
            7uzyuZvnHwKBgQCc2bVuZI4MS0YfeeicS0MAuhyoOTY3fIuXLuPZzVcXOLx9fZ7Q
            Usw/e/SXf2D+fMU/lKFI0vUR2zApxBw6AtjSKrDsRMOL3wyAoLg/mHy6IDeCTtlj
            ggzmyYE08/36F5M1Who1SDYje1CNk60boppeaTn/KH9YjT7pTOYIV2HLmwKBgQC3
            V2vd5aApP8hUbsOfZ9/QtNxnfAmEEVWMctE9r7yVQTU88UY8FiC75HlweOFA6jIl
            83hZjJb30/M3z0yKB+2QCG5yCJLShVkWZ3wpECLSiiEIY97q1MDwlGZr/NirT4ur
            JpldX9YYHaNai7HvavdWiEufU6nmPcU+7AuEEO0HuwKBgFy98iMotOGoznTxC3rm
            AKcK1Nzg28jRPCjKWsHolSmKy+2j2k/hyfgAz8O4YIEFc9Vecq0ojUng+UiIrobS
            DbPIMysyQR/q7DQp32/vlsgHokIvFRA0nMini3BLXAoxTmGMRQKUtP5CEF+IkssJ
            QSJTDqSZCw1+YXZ0ySLcsz38
            -----END PRIVATE KEY-----
            """;
    private static final String EC = """
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIHsCfFwfJDIkZdCQi5h17MheE//IN3d2z+TLZH+SllVZoAoGCCqGSM49
            AwEHoUQDQgAEjsRSWG8cTlji7kU+rAXLljvnSGDvFyrcxvNFQEzlnH7DAG3BedDL
            etwfli+WXECTqXbamP64fEODn+DRvUgt4w==
            -----END EC PRIVATE KEY-----
            """;
    private static final String EC_AS_PKCS8 = """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgewJ8XB8kMiRl0JCL
            mHXsyF4T/8g3d3bP5Mtkf5KWVVmhRANCAASOxFJYbxxOWOLuRT6sBcuWO+dIYO8X
            KtzG80VATOWcfsMAbcF50Mt63B+WL5ZcQJOpdtqY/rh8Q4Of4NG9SC3j
            -----END PRIVATE KEY-----
            """;
    private static final String ENCRYPTED = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiNOzhqjneqPgICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEBYuPJfScTkIfyyI0SIdmxgEgZDq
            FNrx5c1HAmpsbjyjfWybz93HivAvHcvWPJgsdL5KCroCKHjkibRKBuXDxkHlreVB
            OJduhxxnSnqvRz2OSaD+GPL8JrSq0GYp8C10IBEfDcL/djok04yBXOJz3/l4VXbE
            7KBnJQU7u6FNh7bsV+ifGz9vb5LeKt1GofqT4xGzy9zAIiYuWBIn+2HPiWAg2yI=
            -----END ENCRYPTED PRIVATE KEY-----
            """;

    private static PrivateKey read(String pem) throws GeneralSecurityException {
        return PrivateKeyPem.read(pem.getBytes(StandardCharsets.UTF_8));
    }

    private static BigInteger scalar(String pem) throws GeneralSecurityException {
        return ((ECPrivateKey) read(pem)).getS();
    }

    @Test
    void eachFormIsTheSameKey() throws GeneralSecurityException {
        assertThat(read(RSA)).isEqualTo(read(RSA_AS_PKCS8));
        assertThat(read(RSA).getAlgorithm()).isEqualTo("RSA");
        assertThat(scalar(EC)).isEqualTo(scalar(EC_AS_PKCS8));
        assertThat(read(EC).getAlgorithm()).isEqualTo("EC");
    }

    @Test
    void whatStandsBeforeTheKeyIsPassedOver() throws GeneralSecurityException {
        String parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
        assertThat(scalar(parameters + EC)).isEqualTo(scalar(EC));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 60, 120, 200})
    void aPartOfAKeyIsNone(int length) {
        for (String key : new String[] {RSA, RSA_AS_PKCS8, EC, EC_AS_PKCS8}) {
            String end = "\n" + key.lines().toList().getLast() + "\n";
            assertThatThrownBy(() -> read(key.substring(0, length))).isInstanceOf(GeneralSecurityException.class);
            assertThatThrownBy(() -> read(key.substring(0, Math.min(length, 100)) + end))
                    .isInstanceOf(GeneralSecurityException.class);
        }
    }

    @Test
    void anEncryptedKeyIsNamed() {
        assertThatThrownBy(() -> read(ENCRYPTED)).hasMessage("the private key is encrypted");
        assertThatThrownBy(() -> read("")).hasMessage("no private key in PEM");
    }
}
