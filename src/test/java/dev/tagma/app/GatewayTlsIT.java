package dev.tagma.app;

import static dev.tagma.app.ProtocolRig.PATIENCE;
import static dev.tagma.app.ProtocolRig.fleet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.agent.tool.Toolboxes;
import dev.tagma.app.GrpcFleet.Pod;
import dev.tagma.app.GrpcFleet.Replica;
import dev.tagma.app.engine.RuntimeEngine;
import dev.tagma.gateway.grpc.GrpcServerSettings.CertificateFiles;
import dev.tagma.mission.link.Hello;
import dev.tagma.runtime.RuntimeInstance;
import dev.tagma.runtime.RuntimeSettings;
import dev.tagma.runtime.grpc.GrpcGatewayLink;
import dev.tagma.runtime.grpc.GrpcLinkSettings;
import io.grpc.TlsChannelCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The line between runtime and gateway under TLS. */
class GatewayTlsIT {
    @TempDir
    private Path directory;

    private CertificateFiles files;
    private TestCertificate old;

    @BeforeEach
    void show() throws Exception {
        files = new CertificateFiles(directory.resolve("tls.crt"), directory.resolve("tls.key"), Duration.ofMillis(50));
        old = TestCertificate.make(directory, "old");
        TestCertificate.put(files.certificate(), old.certificate());
        TestCertificate.put(files.key(), old.key());
    }

    private static ScriptedRuntime trusting(TestCertificate authority, GrpcFleet fleet, Pod pod) throws IOException {
        return new ScriptedRuntime(
                fleet.replicas().getFirst().wire().address(),
                TlsChannelCredentials.newBuilder()
                        .trustManager(
                                new ByteArrayInputStream(authority.certificate().getBytes(StandardCharsets.UTF_8)))
                        .build(),
                fleet.pool(),
                pod,
                1);
    }

    /** Whether a new connection that trusts this authority alone is served. */
    private static boolean served(TestCertificate authority, GrpcFleet fleet, Pod pod) throws Exception {
        try (ScriptedRuntime fresh = trusting(authority, fleet, pod)) {
            return fresh.connect(fresh.hello()).welcome().getInstance() > 0;
        } catch (ExecutionException e) {
            assertThat(e).hasStackTraceContaining("SSLHandshakeException");
            return false;
        }
    }

    @Test
    void newConnectionsAreShownTheNewCertificateWhileOldOnesLive() throws Exception {
        TestCertificate renewed = TestCertificate.make(directory, "renewed");
        try (GrpcFleet fleet = fleet(directory, 1)) {
            fleet.tlsReplica("only", files);
            Pod pod = fleet.pod("pod");
            Pod other = fleet.pod("other");
            try (ScriptedRuntime present = trusting(old, fleet, pod)) {
                long instance = present.connect(present.hello()).welcome().getInstance();

                TestCertificate.put(files.certificate(), renewed.certificate());
                assertThat(served(old, fleet, other))
                        .as("a certificate without its key changes nothing")
                        .isTrue();
                TestCertificate.put(files.key(), renewed.key());

                fleet.rig().await(PATIENCE, () -> served(renewed, fleet, other));
                assertThat(served(old, fleet, other)).isFalse();
                assertThat(present.heartbeat(instance, List.of(), PATIENCE))
                        .as("the connection of before lives")
                        .isTrue();

                TestCertificate.put(files.key(), "no key");
                Files.delete(files.certificate());
                assertThat(served(renewed, fleet, other)).isTrue();
            }
        }
    }

    @Test
    void filesThatHoldNoCertificateAreNamed() throws Exception {
        TestCertificate.put(files.key(), "no key");
        try (GrpcFleet fleet = fleet(directory, 1)) {
            assertThatThrownBy(() -> fleet.tlsReplica("only", files))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(files.certificate().toString())
                    .hasMessageContaining(files.key().toString());
        }
    }

    private static void dial(GrpcFleet fleet, GrpcLinkSettings settings) {
        try (RuntimeEngine engine = new RuntimeEngine(new Toolboxes());
                GrpcGatewayLink link = new GrpcGatewayLink(settings, engine.clock(), () -> 0L);
                RuntimeInstance runtime =
                        engine.start(link, new Hello(fleet.pool(), "pod", 1, "test"), RuntimeSettings.DEFAULT)) {
            assertThat(runtime.instance()).isPositive();
        }
    }

    @Test
    void aRuntimeThatTrustsAnotherAuthorityIsToldWhichAndWhere() throws Exception {
        Path stranger = directory.resolve("stranger.crt");
        TestCertificate.put(
                stranger, TestCertificate.make(directory, "stranger").certificate());
        try (GrpcFleet fleet = fleet(directory, 1)) {
            String address = fleet.tlsReplica("only", files).wire().address();
            Path token = fleet.pod("pod").file();

            dial(fleet, GrpcLinkSettings.tls(List.of(address), files.certificate(), token));
            assertThatThrownBy(() -> dial(fleet, GrpcLinkSettings.tls(List.of(address), stranger, token)))
                    .hasMessageContaining(
                            stranger + " does not vouch for the certificate that the gateway " + address + " shows");
            assertThatThrownBy(() -> dial(fleet, GrpcLinkSettings.tls(List.of(address), null, token)))
                    .hasMessageContaining("the authorities of the JDK");
            String byName = address.replace("127.0.0.1", "localhost");
            assertThatThrownBy(() -> dial(fleet, GrpcLinkSettings.tls(List.of(byName), files.certificate(), token)))
                    .hasMessageContaining("a certificate of another name")
                    .hasMessageContaining("localhost");
        }
    }

    @Test
    void aRuntimeReadsItsAuthoritiesAnewWheneverItDials() throws Exception {
        Path authorities = directory.resolve("ca.crt");
        TestCertificate.put(
                authorities, TestCertificate.make(directory, "former").certificate());
        try (GrpcFleet fleet = fleet(directory, 1);
                RuntimeEngine engine = new RuntimeEngine(new Toolboxes());
                GrpcGatewayLink link = new GrpcGatewayLink(
                        GrpcLinkSettings.tls(
                                List.of(fleet.tlsReplica("only", files).wire().address()),
                                authorities,
                                fleet.pod("pod").file()),
                        engine.clock(),
                        () -> 0L)) {
            Hello hello = new Hello(fleet.pool(), "pod", 1, "test");
            assertThatThrownBy(() -> engine.start(link, hello, RuntimeSettings.DEFAULT))
                    .hasMessageContaining("does not vouch");
            TestCertificate.put(authorities, old.certificate());
            try (RuntimeInstance runtime = engine.start(link, hello, RuntimeSettings.DEFAULT)) {
                assertThat(runtime.instance()).isPositive();
            }
        }
    }

    @Test
    void aGatewayWithoutTlsIsNotTakenForOneThatIsAway() throws Exception {
        try (GrpcFleet fleet = fleet(directory, 1)) {
            Replica plain = fleet.replica("only");
            Path token = fleet.pod("pod").file();
            assertThatThrownBy(() -> dial(
                            fleet, GrpcLinkSettings.tls(List.of(plain.wire().address()), files.certificate(), token)))
                    .hasMessageContaining("speaks no TLS");
        }
    }
}
