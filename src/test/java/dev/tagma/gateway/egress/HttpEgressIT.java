package dev.tagma.gateway.egress;

import static dev.tagma.gateway.egress.ScriptedServer.always;
import static dev.tagma.gateway.egress.ScriptedServer.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.gateway.egress.EgressReply.Answered;
import dev.tagma.gateway.egress.EgressReply.Lost;
import dev.tagma.gateway.egress.EgressReply.NotSent;
import dev.tagma.kube.Ports;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class HttpEgressIT {
    private static final String PUBLIC = "93.184.216.34";
    private static final Duration SHORT = Duration.ofMillis(300);

    private final FakeResolver resolver = new FakeResolver();

    @Test
    void theConnectionGoesToTheCheckedAddressUnderTheHostsName() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(always("200 OK", "", "hello"))) {
            FakeNetwork network = new FakeNetwork(server.port());
            resolver.answer("api.test", PUBLIC);
            assertThat(over(network).send(get("http://api.test:8080/x?y=1"), BodyReader.BEGINNING))
                    .isEqualTo(new Answered(200, "", null, null, new EgressReply.Body("hello", 0)));
            assertThat(network.connected()).containsExactly(PUBLIC + ":8080");
            assertThat(server.requests().getFirst().line()).isEqualTo("GET /x?y=1 HTTP/1.1");
            assertThat(server.requests().getFirst().headers()).containsEntry("host", "api.test:8080");
        }
    }

    @Test
    void dnsRebindSecondAnswer() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(always("200 OK", "", "hello"))) {
            FakeNetwork network = new FakeNetwork(server.port());
            resolver.answer("rebind.test", PUBLIC).answer("rebind.test", "127.0.0.1");
            HttpEgress egress = over(network);
            assertThat(egress.send(get("http://rebind.test/"), BodyReader.BEGINNING))
                    .isInstanceOf(Answered.class);
            assertThat(resolver.asked()).containsExactly("rebind.test");
            assertThat(network.connected()).containsExactly(PUBLIC + ":80");

            assertThat(egress.send(get("http://rebind.test/"), BodyReader.BEGINNING))
                    .isInstanceOf(NotSent.class);
            assertThat(network.connected()).hasSize(1);
        }
    }

    @Test
    void onePrivateAddressAmongPublicOnesIsEnoughToRefuse() throws Exception {
        FakeNetwork network = new FakeNetwork(1);
        resolver.answer("mixed.test", PUBLIC, "10.0.0.1");
        assertThat(over(network).send(get("http://mixed.test/"), BodyReader.BEGINNING))
                .isInstanceOfSatisfying(
                        NotSent.class,
                        notSent -> assertThat(notSent.reason()).contains("10.0.0.1", "not public", "allowedHosts"));
        assertThat(network.connected()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://[::1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://169.254.169.254/latest/meta-data/",
                "http://0/",
                "http://127.1/",
                "http://2130706433/",
                "http://0x7f000001/",
                "http://017700000001/",
                "http://localhost/",
                "http://[64:ff9b::7f00:1]/"
            })
    void literalsOfPrivateAddressesAreRefusedHoweverTheyAreWritten(String url) {
        FakeNetwork network = new FakeNetwork(1);
        HttpEgress egress = new HttpEgress(Resolver.SYSTEM, EgressAudit.NONE, System::nanoTime, network.client());
        assertThat(egress.send(get(url), BodyReader.BEGINNING)).isInstanceOf(NotSent.class);
        assertThat(network.connected()).isEmpty();
    }

    @Test
    void anAllowedHostMayBePrivate() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(always("200 OK", "", "inside"))) {
            assertThat(real().send(allowed(server.url("/"), server), BodyReader.BEGINNING))
                    .isInstanceOf(Answered.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "169.254.169.254", "168.63.129.16"})
    void onAClusterNoAllowedHostOpensTheGatewayItselfOrItsNode(String address) throws Exception {
        FakeNetwork network = new FakeNetwork(1);
        resolver.answer("near.test", address);
        HttpEgress egress =
                new HttpEgress(resolver, Neighbours.Refused, EgressAudit.NONE, System::nanoTime, network.client());
        HttpUrl url = HttpUrl.get("http://near.test/");
        AllowedHosts hosts = AllowedHosts.of(List.of("near.test"));
        EgressRequest allowed = new EgressRequest("GET", url, List.of(), null, hosts, Duration.ofSeconds(10));
        assertThat(egress.send(allowed, BodyReader.BEGINNING))
                .isInstanceOfSatisfying(
                        NotSent.class, notSent -> assertThat(notSent.reason()).contains(address, "no tool reaches it"));
        assertThat(network.connected()).isEmpty();
    }

    @Test
    void lookUpsAreBoundedAndAreNotForgotten() throws Exception {
        CountDownLatch silent = new CountDownLatch(1);
        Semaphore begun = new Semaphore(0);
        Resolver slow = host -> {
            begun.release();
            return hanging(silent).resolve(host);
        };
        try (ScriptedServer server = ScriptedServer.start(always("200 OK", "", "hello"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpEgress egress =
                    new HttpEgress(slow, EgressAudit.NONE, System::nanoTime, new FakeNetwork(server.port()).client());
            List<Future<EgressReply>> waiting = new ArrayList<>();
            for (int i = 0; i < HttpEgress.LOOKUPS; i++) {
                waiting.add(threads.submit(() -> egress.send(get("http://slow.test/"), BodyReader.BEGINNING)));
            }
            begun.acquire(HttpEgress.LOOKUPS);
            assertThat(egress.send(within(SHORT, "http://one-more.test/"), BodyReader.BEGINNING))
                    .isInstanceOf(NotSent.class);
            assertThat(begun.availablePermits()).isZero();
            silent.countDown();
            for (Future<EgressReply> each : waiting) {
                assertThat(each.get()).isInstanceOf(Answered.class);
            }
            assertThat(egress.send(get("http://one-more.test/"), BodyReader.BEGINNING))
                    .isInstanceOf(Answered.class);
        }
    }

    private static EgressRequest within(Duration time, String url) {
        return new EgressRequest("GET", HttpUrl.get(url), List.of(), null, AllowedHosts.NONE, time);
    }

    @Test
    void redirectToLoopback() throws Exception {
        try (ScriptedServer inside = ScriptedServer.start(always("200 OK", "", "secret of the metadata service"));
                ScriptedServer outside =
                        ScriptedServer.start(always("302 Found", "Location: " + inside.url("/") + "\r\n", ""))) {
            EgressReply reply = real().send(allowed(outside.url("/"), outside), BodyReader.BEGINNING);
            assertThat(reply)
                    .isInstanceOfSatisfying(
                            NotSent.class,
                            notSent -> assertThat(notSent.reason()).contains("127.0.0.1", "not public"));
            assertThat(inside.requests()).isEmpty();
        }
    }

    @Test
    void redirectsAreFollowedAFewTimesAndTakeNoHeadersToAnotherOrigin() throws Exception {
        try (ScriptedServer server = ScriptedServer.start((request, out) -> {
            int left = Integer.parseInt(request.line().split("[/ ]")[2]);
            if (left == 0) {
                write(out, "200 OK", "", "there");
            } else {
                write(out, "307 Temporary Redirect", "Location: http://b.test/" + (left - 1) + "\r\n", "");
            }
        })) {
            HttpEgress egress = over(new FakeNetwork(server.port()));
            resolver.answer("a.test", PUBLIC).answer("b.test", PUBLIC);
            EgressReply reply = egress.send(get("http://a.test/5"), BodyReader.BEGINNING);
            assertThat(reply)
                    .isInstanceOfSatisfying(
                            Answered.class, a -> assertThat(a.status()).isEqualTo(200));
            assertThat(server.requests().getFirst().headers()).containsKey("x-key");
            assertThat(server.requests().subList(1, 6))
                    .noneMatch(request -> request.headers().containsKey("x-key"));
            assertThat(egress.send(get("http://a.test/6"), BodyReader.BEGINNING))
                    .isEqualTo(new NotSent("more than 5 redirects"));
        }
    }

    @Test
    void anotherPortIsAnotherOrigin() throws Exception {
        try (ScriptedServer server = ScriptedServer.start((request, out) -> {
            if (request.line().contains("/there")) {
                write(out, "200 OK", "", "there");
            } else {
                write(out, "302 Found", "Location: http://a.test:8081/there\r\n", "");
            }
        })) {
            resolver.answer("a.test", PUBLIC);
            assertThat(over(new FakeNetwork(server.port())).send(get("http://a.test:8080/"), BodyReader.BEGINNING))
                    .isInstanceOf(Answered.class);
            assertThat(server.requests())
                    .extracting(request -> request.headers().containsKey("x-key"))
                    .containsExactly(true, false);
        }
    }

    @Test
    void noProxyOfTheMachineStandsBetweenTheCheckAndTheConnection() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(always("200 OK", "", "direct"));
                ScriptedServer proxy = ScriptedServer.start(always("200 OK", "", "by the proxy"))) {
            OkHttpClient proxied = new OkHttpClient.Builder()
                    .socketFactory(new FakeNetwork(server.port()))
                    .proxySelector(
                            ProxySelector.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port())))
                    .build();
            resolver.answer("api.test", PUBLIC);
            assertThat(new HttpEgress(resolver, EgressAudit.NONE, System::nanoTime, proxied)
                            .send(get("http://api.test/"), BodyReader.BEGINNING))
                    .isInstanceOf(Answered.class);
            assertThat(proxy.requests()).isEmpty();
            assertThat(server.requests().getFirst().line()).isEqualTo("GET / HTTP/1.1");
        }
    }

    @Test
    void aRedirectOfAPostIsNotFollowed() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.start(always("308 Permanent Redirect", "Location: /there\r\n", ""))) {
            assertThat(real().send(post(server, Duration.ofSeconds(5)), BodyReader.BEGINNING))
                    .isEqualTo(new Answered(308, "", null, "/there", new EgressReply.Body("", 0)));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aRedirectToAnotherProtocolIsNotFollowed() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.start(always("302 Found", "Location: file:///etc/passwd\r\n", ""))) {
            assertThat(real().send(allowed(server.url("/"), server), BodyReader.BEGINNING))
                    .isInstanceOfSatisfying(
                            Answered.class, a -> assertThat(a.status()).isEqualTo(302));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"408 Request Timeout", "503 Service Unavailable", "421 Misdirected Request", "401 Unauthorized"})
    void nothingIsSentTwiceByItself(String status) throws Exception {
        try (ScriptedServer server = ScriptedServer.start(always(status, "Retry-After: 0\r\n", ""))) {
            real().send(post(server, Duration.ofSeconds(5)), BodyReader.BEGINNING);
            real().send(allowed(server.url("/"), server), BodyReader.BEGINNING);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void aHangingServerCostsTheTimeoutAndNoMore() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start((request, out) -> never.await())) {
            long begin = System.nanoTime();
            assertThat(real().send(post(server, SHORT), BodyReader.BEGINNING))
                    .isInstanceOfSatisfying(
                            Lost.class, lost -> assertThat(lost.reason()).contains("within 300 ms"));
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(SHORT, Duration.ofSeconds(5));
        } finally {
            never.countDown();
        }
    }

    @Test
    void aServerThatDripsCannotStretchTheTime() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (!over.await(20, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                out.write('x');
                out.flush();
            }
        })) {
            EgressRequest request =
                    new EgressRequest("GET", HttpUrl.get(server.url("/")), List.of(), null, only(server), SHORT);
            assertThat(real().send(request, BodyReader.BEGINNING)).isInstanceOf(Lost.class);
        } finally {
            over.countDown();
        }
    }

    @Test
    void aServerThatDiesInTheMiddleOfTheBodyLosesTheCall() throws Exception {
        try (ScriptedServer server = ScriptedServer.start((request, out) ->
                out.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".getBytes(StandardCharsets.US_ASCII)))) {
            assertThat(real().send(allowed(server.url("/"), server), BodyReader.BEGINNING))
                    .isInstanceOf(Lost.class);
        }
    }

    @Test
    void nobodyListeningMeansThatNothingWasSent() throws Exception {
        String nobody = "127.0.0.1:" + Ports.free();
        HttpUrl url = HttpUrl.get("http://" + nobody + "/");
        AllowedHosts hosts = AllowedHosts.of(List.of(nobody));
        EgressRequest request = new EgressRequest("POST", url, List.of(), null, hosts, Duration.ofSeconds(5));
        assertThat(real().send(request, BodyReader.BEGINNING)).isInstanceOf(NotSent.class);
    }

    @Test
    void theSecondAddressIsTriedWhereNobodyAnswersAtTheFirst() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(always("200 OK", "", "second"))) {
            resolver.answer("two.test", "::1", "127.0.0.1");
            EgressRequest request = new EgressRequest(
                    "POST",
                    HttpUrl.get("http://two.test:" + server.port() + "/"),
                    List.of(),
                    null,
                    AllowedHosts.of(List.of("two.test")),
                    Duration.ofSeconds(5));
            assertThat(new HttpEgress(resolver, EgressAudit.NONE, System::nanoTime).send(request, BodyReader.BEGINNING))
                    .isInstanceOf(Answered.class);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void tenMegabytesAreReadToTheLimitOnly() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(always("200 OK", "", "x".repeat(10_000_000)))) {
            assertThat(real().send(allowed(server.url("/"), server), BodyReader.BEGINNING))
                    .isInstanceOfSatisfying(Answered.class, a -> {
                        assertThat(a.body().text()).hasSize(BodyReader.LIMIT);
                        assertThat(a.body().unread()).isEqualTo(10_000_000 - BodyReader.LIMIT);
                    });
        }
    }

    @Test
    void anUnknownHostIsNamed() {
        assertThat(new HttpEgress(resolver, EgressAudit.NONE, System::nanoTime)
                        .send(get("http://nowhere.test/"), BodyReader.BEGINNING))
                .isEqualTo(new NotSent("the host nowhere.test is not known"));
    }

    @Test
    void aResolverThatHangsCostsTheTimeout() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        HttpEgress egress = new HttpEgress(hanging(never), EgressAudit.NONE, System::nanoTime);
        assertThat(egress.send(within(SHORT, "http://slow.test/"), BodyReader.BEGINNING))
                .isEqualTo(new NotSent("resolving the host slow.test took too long"));
        never.countDown();
    }

    private static Resolver hanging(CountDownLatch until) {
        return host -> {
            try {
                until.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return List.of(InetAddress.getByName(PUBLIC));
        };
    }

    private HttpEgress over(FakeNetwork network) {
        return new HttpEgress(resolver, EgressAudit.NONE, System::nanoTime, network.client());
    }

    private static HttpEgress real() {
        return new HttpEgress(Resolver.SYSTEM, EgressAudit.NONE, System::nanoTime);
    }

    private static EgressRequest get(String url) {
        return new EgressRequest(
                "GET",
                HttpUrl.get(url),
                List.of(new EgressRequest.Header("X-Key", "k")),
                null,
                AllowedHosts.NONE,
                Duration.ofSeconds(5));
    }

    private static EgressRequest allowed(String url, ScriptedServer server) {
        return new EgressRequest("GET", HttpUrl.get(url), List.of(), null, only(server), Duration.ofSeconds(10));
    }

    private static EgressRequest post(ScriptedServer server, Duration timeout) {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        return new EgressRequest("POST", HttpUrl.get(server.url("/")), List.of(), body, only(server), timeout);
    }

    private static AllowedHosts only(ScriptedServer server) {
        return AllowedHosts.of(List.of("127.0.0.1:" + server.port()));
    }
}
