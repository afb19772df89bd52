package dev.tagma.gateway.grpc;

import dev.tagma.mission.Claim;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.link.RuntimeInbox;
import dev.tagma.mission.link.Start;
import dev.tagma.wire.OrderPieces;
import dev.tagma.wire.Protocol;
import dev.tagma.wire.StartWire;
import dev.tagma.wire.StepWire;
import dev.tagma.wire.v1alpha1.Drain;
import dev.tagma.wire.v1alpha1.Order;
import dev.tagma.wire.v1alpha1.Stop;
import dev.tagma.wire.v1alpha1.Welcome;
import io.grpc.stub.ServerCallStreamObserver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is on its way to one runtime. Sends as fast as the runtime reads; what waits beyond the limit is dropped, since the next heartbeat
 * finds it missing and orders it anew. Between the pieces of a large order small ones overtake it, so that a long history delays the start
 * or the stop of no other mission.
 */
final class Outbox implements RuntimeInbox {
    /** Bytes that may wait. */
    static final long MAX_WAITING = 64L << 20;

    /** Fewer than a runtime keeps, since a small revision may overtake a large one. */
    private static final int REVISIONS = Protocol.REVISIONS_KEPT / 2;

    /** What an order takes here beside its bytes. */
    private static final int OVERHEAD = 512;

    private static final Logger LOG = System.getLogger(Outbox.class.getName());

    private final ServerCallStreamObserver<Order> stream;
    private final ReentrantLock order = new ReentrantLock();
    private final Queue<Parcel> small = new ArrayDeque<>();
    private final Queue<Parcel> large = new ArrayDeque<>();
    private final Set<Claim> starting = new HashSet<>();
    private final SequencedSet<Integer> revisions = new LinkedHashSet<>();
    private long waitingBytes;
    private boolean welcomed;
    private boolean ended;

    /** To be made while the call begins. */
    Outbox(ServerCallStreamObserver<Order> stream) {
        this.stream = stream;
        stream.setOnReadyHandler(this::flush);
    }

    /** An order in its pieces, and what it is about: a mission or a revision, or neither. */
    private record Parcel(Claim claim, Integer revision, Deque<Order> pieces, int size) {
        private static Parcel of(Claim claim, Integer revision, Order order) {
            List<Order> pieces = OrderPieces.cut(order);
            return new Parcel(claim, revision, new ArrayDeque<>(pieces), pieces.size());
        }

        private boolean small() {
            return size == 1;
        }

        private boolean startsNoLaterThan(Claim other) {
            return claim != null && claim.mission() == other.mission() && claim.epoch() <= other.epoch();
        }

        private boolean begun() {
            return pieces.size() < size;
        }

        private long bytes() {
            return pieces.stream().mapToLong(Outbox::weight).sum();
        }
    }

    /** The first order; what was told before follows. */
    void welcome(Welcome welcome) {
        order.lock();
        try {
            if (!ended) {
                welcomed = true;
                stream.onNext(Order.newBuilder().setWelcome(welcome).build());
                flush();
            }
        } finally {
            order.unlock();
        }
    }

    @Override
    public void start(Start start) {
        if (starting(start.claim())) {
            return;
        }
        Parcel mission = Parcel.of(
                start.claim(),
                null,
                Order.newBuilder().setStart(StartWire.encode(start)).build());
        order.lock();
        try {
            if (!starting(start.claim()) && !send(start.pool(), mission)) {
                LOG.log(
                        Level.INFO,
                        "the start of {0} waits for the next heartbeat: its runtime reads slowly",
                        start.name());
            }
        } finally {
            order.unlock();
        }
    }

    @Override
    public boolean starting(Claim claim) {
        order.lock();
        try {
            return starting.contains(claim);
        } finally {
            order.unlock();
        }
    }

    /** Behind its revision, which is sent once. False where there is no room for both. */
    private boolean send(PoolRevision pool, Parcel mission) {
        int number = pool.revision();
        if (revisions.contains(number)) {
            boolean onItsWay = large.stream().anyMatch(parcel -> Objects.equals(parcel.revision, number));
            return offer(List.of(mission), mission.small() && !onItsWay ? small : large);
        }
        Parcel revision = Parcel.of(
                null,
                number,
                Order.newBuilder().setRevision(StartWire.encode(pool)).build());
        if (!offer(List.of(revision, mission), revision.small() && mission.small() ? small : large)) {
            return false;
        }
        revisions.add(number);
        if (revisions.size() > REVISIONS) {
            revisions.removeFirst();
        }
        return true;
    }

    @Override
    public void stop(Claim claim) {
        order.lock();
        try {
            large.removeIf(parcel -> parcel.startsNoLaterThan(claim) && !parcel.begun() && revoked(parcel));
            tell(Order.newBuilder()
                    .setStop(Stop.newBuilder().setClaim(StepWire.encode(claim)))
                    .build());
        } finally {
            order.unlock();
        }
    }

    private boolean revoked(Parcel parcel) {
        starting.remove(parcel.claim);
        waitingBytes -= parcel.bytes();
        return true;
    }

    @Override
    public void drain() {
        tell(Order.newBuilder().setDrain(Drain.getDefaultInstance()).build());
    }

    /** Nothing more: the runtime connects elsewhere. */
    void end() {
        order.lock();
        try {
            if (!ended) {
                broken();
                stream.onCompleted();
            }
        } finally {
            order.unlock();
        }
    }

    /** The runtime is gone. */
    void broken() {
        order.lock();
        try {
            ended = true;
            small.clear();
            large.clear();
            starting.clear();
        } finally {
            order.unlock();
        }
    }

    private void tell(Order one) {
        order.lock();
        try {
            offer(List.of(Parcel.of(null, null, one)), small);
        } finally {
            order.unlock();
        }
    }

    /** All or none of them. */
    private boolean offer(List<Parcel> parcels, Queue<Parcel> queue) {
        long bytes = parcels.stream().mapToLong(Parcel::bytes).sum();
        if (ended || (waitingBytes > 0 && waitingBytes + bytes > MAX_WAITING)) {
            return false;
        }
        queue.addAll(parcels);
        parcels.stream().map(Parcel::claim).filter(Objects::nonNull).forEach(starting::add);
        waitingBytes += bytes;
        flush();
        return true;
    }

    private static long weight(Order message) {
        return OVERHEAD + message.getSerializedSize();
    }

    private void flush() {
        order.lock();
        try {
            while (welcomed && !ended && stream.isReady()) {
                Queue<Parcel> queue = small.isEmpty() ? large : small;
                if (queue.isEmpty()) {
                    return;
                }
                Order next = queue.element().pieces.remove();
                if (queue.element().pieces.isEmpty()) {
                    starting.remove(queue.remove().claim);
                }
                waitingBytes -= weight(next);
                stream.onNext(next);
            }
        } finally {
            order.unlock();
        }
    }
}
