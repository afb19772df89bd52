package dev.tagma.runtime.grpc;

import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.link.RuntimeInbox;
import dev.tagma.wire.OrderPieces;
import dev.tagma.wire.Protocol;
import dev.tagma.wire.StartWire;
import dev.tagma.wire.StepWire;
import dev.tagma.wire.v1alpha1.Claim;
import dev.tagma.wire.v1alpha1.ConnectRequest;
import dev.tagma.wire.v1alpha1.Order;
import dev.tagma.wire.v1alpha1.RuntimeGatewayGrpc;
import dev.tagma.wire.v1alpha1.RuntimeGatewayGrpc.RuntimeGatewayBlockingStub;
import dev.tagma.wire.v1alpha1.Start;
import dev.tagma.wire.v1alpha1.Welcome;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The line to one replica: its orders come in on a stream, which is the session there; the runtime's calls go out beside it. */
final class Line implements ClientResponseObserver<ConnectRequest, Order> {
    private static final Logger LOG = System.getLogger(Line.class.getName());

    private final ManagedChannel channel;
    private final RuntimeInbox inbox;
    private final Ends ends;
    private final CompletableFuture<Welcome> welcome = new CompletableFuture<>();
    private final OrderPieces pieces = new OrderPieces();
    private final SequencedMap<Integer, PoolRevision> revisions = new LinkedHashMap<>();
    private volatile ClientCallStreamObserver<ConnectRequest> stream;

    private Line(ManagedChannel channel, RuntimeInbox inbox, Ends ends) {
        this.channel = channel;
        this.inbox = inbox;
        this.ends = ends;
    }

    /**
     * What a line tells its session.
     *
     * @param broken the line is of no use any more, after it was
     * @param unreadable a mission was ordered that cannot be run here
     */
    record Ends(Consumer<Line> broken, Consumer<Claim> unreadable) {}

    /** Connects over {@code channel}, and waits for the welcome so long. Throws StatusRuntimeException where there is none. */
    static Line connect(
            ManagedChannel channel,
            ConnectRequest request,
            BearerToken token,
            RuntimeInbox inbox,
            Ends ends,
            Duration wait) {
        Line line = new Line(channel, inbox, ends);
        RuntimeGatewayGrpc.newStub(channel).withCallCredentials(token).connect(request, line);
        boolean connected = false;
        try {
            line.welcome.get(wait.toMillis(), TimeUnit.MILLISECONDS);
            connected = true;
            return line;
        } catch (ExecutionException e) {
            throw Status.fromThrowable(e.getCause()).asRuntimeException(Status.trailersFromThrowable(e.getCause()));
        } catch (TimeoutException e) {
            throw Status.UNAVAILABLE
                    .withDescription("no welcome from " + channel.authority() + " within " + wait)
                    .asRuntimeException();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
        } finally {
            if (!connected) {
                line.retire();
            }
        }
    }

    Welcome welcome() {
        return welcome.join();
    }

    RuntimeGatewayBlockingStub calls(BearerToken token, Duration deadline) {
        return RuntimeGatewayGrpc.newBlockingStub(channel)
                .withCallCredentials(token)
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the stream; calls in flight may still end. */
    void retire() {
        ClientCallStreamObserver<ConnectRequest> open = stream;
        if (open != null) {
            open.cancel("the session goes on elsewhere", null);
        }
        channel.shutdown();
    }

    /** Ends the calls in flight too. */
    void cut() {
        retire();
        channel.shutdownNow();
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ConnectRequest> call) {
        stream = call;
    }

    @Override
    public void onNext(Order message) {
        pieces.add(message).ifPresent(this::obey);
    }

    private void obey(Order order) {
        switch (order.getOrderCase()) {
            case WELCOME -> welcome.complete(order.getWelcome());
            case START -> start(order.getStart());
            case STOP -> inbox.stop(StepWire.decode(order.getStop().getClaim()));
            case DRAIN -> inbox.drain();
            case REVISION -> keep(StartWire.decode(order.getRevision()));
            case FRAGMENT -> LOG.log(Level.WARNING, "an order in pieces is in pieces itself");
            case ORDER_NOT_SET -> LOG.log(Level.DEBUG, "an order of a newer gateway is read over");
        }
    }

    private void start(Start start) {
        PoolRevision pool = revisions.get(start.getRevision());
        dev.tagma.mission.link.Start decoded;
        try {
            if (pool == null) {
                throw new IllegalArgumentException("revision " + start.getRevision() + " of its pool was not sent");
            }
            decoded = StartWire.decode(start, pool);
        } catch (IllegalArgumentException e) {
            LOG.log(Level.WARNING, "mission {0} cannot be run here: {1}", start.getName(), e.getMessage());
            ends.unreadable.accept(start.getClaim());
            return;
        }
        inbox.start(decoded);
    }

    private void keep(PoolRevision pool) {
        revisions.putIfAbsent(pool.revision(), pool);
        if (revisions.size() > Protocol.REVISIONS_KEPT) {
            revisions.pollFirstEntry();
        }
    }

    @Override
    public void onError(Throwable failure) {
        end(failure);
    }

    @Override
    public void onCompleted() {
        end(new StatusRuntimeException(Status.UNAVAILABLE.withDescription("the replica ended the session")));
    }

    private void end(Throwable failure) {
        if (!welcome.completeExceptionally(failure)) {
            LOG.log(Level.DEBUG, "the line to {0} ended: {1}", channel.authority(), failure.getMessage());
            ends.broken.accept(this);
        }
    }
}
