package dev.tagma.app.role;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a Service of Kubernetes does, seen from one client: one address before several backends, each connection to one that takes it. The
 * network in between may be parted: then nothing arrives, and nobody is told.
 */
final class FakeService implements AutoCloseable {
    private static final int CONNECT_MILLIS = 500;

    private final ServerSocket door;
    private final List<Integer> backends;
    private final AtomicInteger turn = new AtomicInteger();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition healed = lock.newCondition();
    private final Set<Socket> stranded = ConcurrentHashMap.newKeySet();
    private boolean parted;

    /** Ports of loopback that take turns. */
    FakeService(List<Integer> backends) {
        this.backends = backends;
        try {
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    String address() {
        return "127.0.0.1:" + door.getLocalPort();
    }

    /** From now on no byte passes, in either direction. */
    void part() {
        lock.lock();
        try {
            parted = true;
        } finally {
            lock.unlock();
        }
    }

    /** Closes every connection there is. */
    void hangUp() {
        sockets.forEach(this::end);
    }

    /** The connections there are never carry a byte again, and neither side is told; later ones work. */
    void strand() {
        lock.lock();
        try {
            stranded.addAll(sockets);
        } finally {
            lock.unlock();
        }
    }

    /** From now on bytes pass, those that were held up among them. */
    void heal() {
        lock.lock();
        try {
            parted = false;
            stranded.clear();
            healed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        sockets.add(client);
        awaitPassage(client);
        for (int i = 0; i < backends.size(); i++) {
            int port = backends.get(Math.floorMod(turn.getAndIncrement(), backends.size()));
            try {
                Socket backend = new Socket();
                backend.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
                sockets.add(backend);
                threads.execute(() -> copy(client, backend));
                copy(backend, client);
                return;
            } catch (IOException e) {
                // this one is down: the next one's turn
                continue;
            }
        }
        end(client);
    }

    private void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[16_384];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                awaitPassage(from);
                out.write(buffer, 0, n);
            }
            awaitPassage(from);
        } catch (IOException e) {
            // one side is gone: the other is told
            awaitPassage(from);
        } finally {
            end(from);
            end(to);
        }
    }

    private void end(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitPassage(Socket from) {
        lock.lock();
        try {
            while (parted || stranded.contains(from)) {
                healed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        heal();
        sockets.forEach(this::end);
        threads.close();
    }
}
