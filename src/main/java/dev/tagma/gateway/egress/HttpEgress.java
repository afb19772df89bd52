package dev.tagma.gateway.egress;

import dev.tagma.gateway.egress.EgressReply.Answered;
import dev.tagma.gateway.egress.EgressReply.Lost;
import dev.tagma.gateway.egress.EgressReply.NotSent;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/**
 * Makes requests to the outside. A host is resolved once per request; every address is checked, and the connection goes to one of
 * those very addresses, so that a second DNS answer changes nothing. A redirect is a new request with the same checks. Nothing is
 * sent twice by itself. Thread-safe; blocks its virtual thread.
 */
public final class HttpEgress {
    private static final int MAX_REDIRECTS = 5;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** Each look-up keeps a thread of the operating system busy, for half a minute where a name server is silent. */
    static final int LOOKUPS = 64;

    private final Resolver resolver;
    private final Neighbours neighbours;
    private final Semaphore lookups = new Semaphore(LOOKUPS, true);
    private final EgressAudit audit;
    private final LongSupplier nanoTime;
    private final OkHttpClient client;

    /** Resolves by {@code resolver} and tells {@code audit} of each request; {@code nanoTime} is the monotonic clock. */
    public HttpEgress(Resolver resolver, EgressAudit audit, LongSupplier nanoTime) {
        this(resolver, Neighbours.Allowed, audit, nanoTime);
    }

    /** The same, with what tools may reach around this process. */
    public HttpEgress(Resolver resolver, Neighbours neighbours, EgressAudit audit, LongSupplier nanoTime) {
        this(resolver, neighbours, audit, nanoTime, new OkHttpClient());
    }

    /** With {@code base} for whom TLS trusts. */
    HttpEgress(Resolver resolver, EgressAudit audit, LongSupplier nanoTime, OkHttpClient base) {
        this(resolver, Neighbours.Allowed, audit, nanoTime, base);
    }

    HttpEgress(Resolver resolver, Neighbours neighbours, EgressAudit audit, LongSupplier nanoTime, OkHttpClient base) {
        this.resolver = resolver;
        this.neighbours = neighbours;
        this.audit = audit;
        this.nanoTime = nanoTime;
        this.client = base.newBuilder()
                .protocols(List.of(Protocol.HTTP_1_1))
                .proxy(Proxy.NO_PROXY)
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                // "Retry-After: 0" would make the client ask again by itself
                .addNetworkInterceptor(chain -> chain.proceed(chain.request())
                        .newBuilder()
                        .removeHeader("Retry-After")
                        .build())
                // a kept connection that has died in the meantime would make a call's outcome unknown for nothing
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .connectTimeout(CONNECT_TIMEOUT)
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                .build();
    }

    /** Sends the request, and follows redirects of safe ones. */
    EgressReply send(EgressRequest request, BodyReader reader) {
        long deadline = nanoTime.getAsLong() + request.timeout().toNanos();
        EgressRequest next = request;
        for (int hop = 0; ; hop++) {
            Hop made = new Hop(nanoTime.getAsLong());
            EgressReply reply = hop(next, reader, deadline, made);
            tell(next, made, reply);
            HttpUrl to = redirect(next, reply);
            if (to == null) {
                return reply;
            }
            if (hop == MAX_REDIRECTS) {
                return new NotSent("more than " + MAX_REDIRECTS + " redirects");
            }
            if (next.url().isHttps() && !to.isHttps()) {
                return new NotSent("refused to follow a redirect from https to http");
            }
            next = next.redirected(to, left(deadline));
        }
    }

    private static HttpUrl redirect(EgressRequest request, EgressReply reply) {
        if (!request.safe() || !(reply instanceof Answered answered) || answered.location() == null) {
            return null;
        }
        HttpUrl to = request.url().resolve(answered.location());
        return to == null || !to.username().isEmpty() || !to.password().isEmpty() ? null : to;
    }

    /** What is known of a request besides its reply. */
    private static final class Hop {
        private final long begun;
        private InetAddress address;

        Hop(long begun) {
            this.begun = begun;
        }
    }

    private void tell(EgressRequest request, Hop made, EgressReply reply) {
        String trouble = switch (reply) {
            case Answered answered -> "";
            case NotSent notSent -> "not sent: " + notSent.reason();
            case Lost lost -> "lost: " + lost.reason();
        };
        audit.ended(new EgressAudit.AuditedRequest(
                Causes.current(),
                request.method(),
                request.url().host(),
                request.url().port(),
                made.address == null ? null : made.address.getHostAddress(),
                reply instanceof Answered answered ? answered.status() : 0,
                trouble,
                Duration.ofNanos(nanoTime.getAsLong() - made.begun)));
    }

    private EgressReply hop(EgressRequest request, BodyReader reader, long deadline, Hop made) {
        List<InetAddress> addresses;
        try {
            addresses = resolve(request.url().host(), left(deadline));
        } catch (UnknownHostException e) {
            return new NotSent("the host " + request.url().host() + " is not known");
        } catch (TimeoutException e) {
            return new NotSent("resolving the host " + request.url().host() + " took too long");
        }
        for (InetAddress address : addresses) {
            if (neighbours.refuse(address)) {
                return new NotSent("the host " + request.url().host() + " has the address " + address.getHostAddress()
                        + ", which is the gateway's own or its node's: no tool reaches it");
            }
            if (!PublicAddresses.contain(address)
                    && !request.allowed()
                            .allow(request.url().host(), request.url().port())) {
                return new NotSent("the host " + request.url().host() + " has the address " + address.getHostAddress()
                        + ", which is not public; the pool's author can name the host in allowedHosts");
            }
        }
        EgressReply reply = new NotSent("the host " + request.url().host() + " has no address");
        for (InetAddress address : addresses) {
            Duration left = left(deadline);
            if (left.isZero()) {
                return new NotSent("the time was up before a connection was made");
            }
            made.address = address;
            reply = exchange(request, reader, new Connection(address, left));
            if (!(reply instanceof NotSent) || Thread.currentThread().isInterrupted()) {
                break;
            }
        }
        return reply;
    }

    /** How one attempt connects: to this address and no other, within this time. */
    private record Connection(InetAddress address, Duration timeout) {}

    private EgressReply exchange(EgressRequest request, BodyReader reader, Connection connection) {
        SentListener sent = new SentListener();
        OkHttpClient pinned = client.newBuilder()
                .dns(host -> List.of(connection.address()))
                .callTimeout(connection.timeout())
                .eventListener(sent)
                .build();
        try (Response response = pinned.newCall(build(request)).execute()) {
            return answered(response, reader);
        } catch (IOException e) {
            String reason = reason(request, e);
            return sent.started() ? new Lost(reason) : new NotSent(reason);
        }
    }

    private static Answered answered(Response response, BodyReader reader) throws IOException {
        ResponseBody body = response.body();
        MediaType type = body.contentType();
        String contentType = type == null ? "" : (type.type() + "/" + type.subtype()).toLowerCase(Locale.ROOT);
        var charset = type == null ? StandardCharsets.UTF_8 : type.charset(StandardCharsets.UTF_8);
        try (InputStream in = body.byteStream()) {
            EgressReply.Body read =
                    reader.read(in, new BodyReader.Arriving(contentType, charset, body.contentLength()));
            String location = response.code() >= 300 && response.code() < 400 ? response.header("Location") : null;
            return new Answered(response.code(), contentType, response.header("Mcp-Session-Id"), location, read);
        }
    }

    private static Request build(EgressRequest request) {
        Request.Builder builder = new Request.Builder().url(request.url());
        request.headers().forEach(header -> builder.addHeader(header.name(), header.value()));
        boolean bodied = request.body() != null || !request.safe();
        return builder.method(request.method(), bodied ? new OnceBody(request.body()) : null)
                .build();
    }

    private static String reason(EgressRequest request, IOException e) {
        String host = request.url().host() + ":" + request.url().port();
        if (Thread.currentThread().isInterrupted()) {
            return "the call to " + host + " was interrupted";
        }
        if (e instanceof java.io.InterruptedIOException) {
            return "no whole answer from " + host + " within "
                    + request.timeout().toMillis() + " ms";
        }
        if (e instanceof javax.net.ssl.SSLException) {
            return "no trusted connection to " + host + ": " + e.getMessage();
        }
        if (e instanceof ProtocolException) {
            // its message shows what came, which may be what was sent: the audit's reader is not to see a secret
            return "the answer of " + host + " is no HTTP";
        }
        return "the connection to " + host + " failed: " + e.getMessage();
    }

    private List<InetAddress> resolve(String host, Duration within) throws UnknownHostException, TimeoutException {
        CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
        try {
            if (!lookups.tryAcquire(within.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TimeoutException("too many look-ups");
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        Thread.ofVirtual().name("resolve " + host).start(() -> {
            try {
                answer.complete(List.copyOf(resolver.resolve(host)));
            } catch (UnknownHostException | RuntimeException e) {
                answer.completeExceptionally(e);
            } finally {
                lookups.release();
            }
        });
        try {
            return answer.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw (UnknownHostException) new UnknownHostException(host).initCause(e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static TimeoutException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return (TimeoutException) new TimeoutException("interrupted").initCause(e);
    }

    private Duration left(long deadline) {
        long nanos = deadline - nanoTime.getAsLong();
        // a millisecond is the least that a timeout can be told
        return nanos < 1_000_000 ? Duration.ZERO : Duration.ofNanos(nanos);
    }
}
