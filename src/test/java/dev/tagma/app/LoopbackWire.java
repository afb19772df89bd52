package dev.tagma.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** A network between a runtime and a gateway that a test may stall, as a partition does, or cut. */
public final class LoopbackWire implements AutoCloseable {
    private static final int BUFFER = 64 << 10;

    private final ServerSocket door;
    private final int target;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition flows = lock.newCondition();
    private boolean stalled;
    private volatile boolean cut;
    private volatile long nanosPerByte;

    public LoopbackWire(int target) {
        this.target = target;
        try {
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    public String address() {
        return "127.0.0.1:" + door.getLocalPort();
    }

    /** From now on nothing arrives, and nothing is lost. */
    public void stall() {
        stalled(true);
    }

    public void flow() {
        stalled(false);
    }

    private void stalled(boolean now) {
        lock.lock();
        try {
            stalled = now;
            flows.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** From now on so many bytes a second at most arrive in each direction of a connection. */
    void narrow(int bytesPerSecond) {
        nanosPerByte = 1_000_000_000L / bytesPerSecond;
    }

    /** Every connection breaks, and none is made any more. */
    void cut() {
        cut = true;
        sockets.forEach(LoopbackWire::close);
        flow();
    }

    /** Every connection breaks, and new ones may be made. */
    public void jolt() {
        sockets.forEach(LoopbackWire::close);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                join(door.accept());
            } catch (IOException e) {
                // the door is closed: the next round tells
                Thread.onSpinWait();
            }
        }
    }

    private void join(Socket client) {
        sockets.add(client);
        if (cut) {
            close(client);
            return;
        }
        try {
            Socket server = new Socket();
            sockets.add(server);
            // what is on its way on a narrow wire is at the gateway still, not in the kernel's buffers
            client.setSendBufferSize(BUFFER);
            server.setReceiveBufferSize(BUFFER);
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            threads.execute(() -> copy(client, server));
            threads.execute(() -> copy(server, client));
        } catch (IOException e) {
            // the gateway is gone
            close(client);
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                awaitFlow();
                out.write(buffer, 0, n);
                LockSupport.parkNanos(n * nanosPerByte);
            }
        } catch (IOException e) {
            // the other direction closed both: this one ends too
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void awaitFlow() throws InterruptedException {
        lock.lock();
        try {
            while (stalled) {
                flows.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
        threads.shutdownNow();
    }
}
