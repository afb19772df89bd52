package dev.tagma.gateway.grpc;

import dev.tagma.wire.OrderPieces;
import dev.tagma.wire.v1alpha1.Order;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;

/** A stream of orders whose reader takes as many messages as a test says. */
final class FakeOrders extends ServerCallStreamObserver<Order> {
    private final List<Order> messages = new ArrayList<>();
    private int credit;
    private Runnable ready = () -> {};
    private boolean completed;

    /** The reader takes so many messages more. */
    void read(int more) {
        credit += more;
        ready.run();
    }

    void readAll() {
        read(1_000_000);
    }

    /** What was sent. */
    List<Order> messages() {
        return messages;
    }

    /** What was sent, put together. */
    List<Order> orders() {
        OrderPieces pieces = new OrderPieces();
        List<Order> whole = new ArrayList<>();
        messages.forEach(message -> pieces.add(message).ifPresent(whole::add));
        return whole;
    }

    boolean completed() {
        return completed;
    }

    @Override
    public boolean isReady() {
        return credit > 0;
    }

    @Override
    public void onNext(Order message) {
        if (completed) {
            throw new IllegalStateException("the stream has ended");
        }
        messages.add(message);
        credit--;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
        ready = handler;
    }

    @Override
    public void onCompleted() {
        if (completed) {
            throw new IllegalStateException("the stream has ended already");
        }
        completed = true;
    }

    @Override
    public void onError(Throwable failure) {
        completed = true;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {
        // nobody cancels
    }

    @Override
    public void setCompression(String compression) {
        throw new UnsupportedOperationException(compression);
    }

    @Override
    public void disableAutoInboundFlowControl() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void request(int count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setMessageCompression(boolean enable) {
        throw new UnsupportedOperationException();
    }
}
