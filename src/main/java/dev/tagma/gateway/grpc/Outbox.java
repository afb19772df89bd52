package dev.tagma.gateway.grpc;

import dev.tagma.mission.Claim;
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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.SequencedSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is on its way to one runtime. Sends as fast as the runtime reads; what waits beyond the limit is dropped, since the next heartbeat
 * finds it missing and orders it anew.
 */
final class Outbox implements RuntimeInbox {
    /** Bytes that may wait. */
    static final long MAX_WAITING = 64L << 20;

    private static final Logger LOG = System.getLogger(Outbox.class.getName());

    private final ServerCallStreamObserver<Order> stream;
    private final ReentrantLock order = new ReentrantLock();
    private final Queue<Order> waiting = new ArrayDeque<>();
    private final SequencedSet<Integer> revisions = new LinkedHashSet<>();
    private long waitingBytes;
    private boolean welcomed;
    private boolean ended;

    /** To be made while the call begins. */
    Outbox(ServerCallStreamObserver<Order> stream) {
        this.stream = stream;
        stream.setOnReadyHandler(this::flush);
    }

    /** The first order; what was told before follows. */
    void welcome(Welcome welcome) {
        order.lock();
        try {
            welcomed = true;
            stream.onNext(Order.newBuilder().setWelcome(welcome).build());
            flush();
        } finally {
            order.unlock();
        }
    }

    @Override
    public void start(Start start) {
        List<Order> pieces = OrderPieces.cut(
                Order.newBuilder().setStart(StartWire.encode(start)).build());
        order.lock();
        try {
            List<Order> bundle = new ArrayList<>();
            int revision = start.pool().revision();
            if (!revisions.contains(revision)) {
                bundle.addAll(OrderPieces.cut(Order.newBuilder()
                        .setRevision(StartWire.encode(start.pool()))
                        .build()));
            }
            bundle.addAll(pieces);
            if (offer(bundle)) {
                remember(revision);
            } else {
                LOG.log(
                        Level.INFO,
                        "the start of {0} waits for the next heartbeat: its runtime reads slowly",
                        start.name());
            }
        } finally {
            order.unlock();
        }
    }

    /** As the runtime does it: what both have dropped is sent again. */
    private void remember(int revision) {
        if (revisions.add(revision) && revisions.size() > Protocol.REVISIONS_KEPT) {
            revisions.removeFirst();
        }
    }

    @Override
    public void stop(Claim claim) {
        tell(Order.newBuilder()
                .setStop(Stop.newBuilder().setClaim(StepWire.encode(claim)))
                .build());
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
                ended = true;
                waiting.clear();
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
            waiting.clear();
        } finally {
            order.unlock();
        }
    }

    private void tell(Order one) {
        order.lock();
        try {
            offer(List.of(one));
        } finally {
            order.unlock();
        }
    }

    /** All or none of it. */
    private boolean offer(List<Order> bundle) {
        long bytes = bundle.stream().mapToLong(Order::getSerializedSize).sum();
        if (ended || (waitingBytes > 0 && waitingBytes + bytes > MAX_WAITING)) {
            return false;
        }
        waiting.addAll(bundle);
        waitingBytes += bytes;
        flush();
        return true;
    }

    private void flush() {
        order.lock();
        try {
            while (welcomed && !ended && !waiting.isEmpty() && stream.isReady()) {
                Order next = waiting.remove();
                waitingBytes -= next.getSerializedSize();
                stream.onNext(next);
            }
        } finally {
            order.unlock();
        }
    }
}
