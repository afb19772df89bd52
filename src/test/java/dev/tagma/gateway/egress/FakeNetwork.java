package dev.tagma.gateway.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.SocketFactory;
import okhttp3.OkHttpClient;

/** Notes which addresses are connected to, and leads every connection to one port on loopback. */
final class FakeNetwork extends SocketFactory {
    private final int port;
    private final List<String> connected = new CopyOnWriteArrayList<>();

    FakeNetwork(int port) {
        this.port = port;
    }

    OkHttpClient client() {
        return new OkHttpClient.Builder().socketFactory(this).build();
    }

    /** {@code address:port} of each connection, in order. */
    List<String> connected() {
        return connected;
    }

    @Override
    public Socket createSocket() {
        return new Socket() {
            @Override
            public void connect(SocketAddress endpoint, int timeout) throws IOException {
                InetSocketAddress to = (InetSocketAddress) endpoint;
                connected.add(to.getAddress().getHostAddress() + ":" + to.getPort());
                super.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), timeout);
            }
        };
    }

    @Override
    public Socket createSocket(String host, int to) {
        throw new UnsupportedOperationException("only unconnected sockets");
    }

    @Override
    public Socket createSocket(String host, int to, InetAddress local, int localPort) {
        throw new UnsupportedOperationException("only unconnected sockets");
    }

    @Override
    public Socket createSocket(InetAddress host, int to) {
        throw new UnsupportedOperationException("only unconnected sockets");
    }

    @Override
    public Socket createSocket(InetAddress address, int to, InetAddress local, int localPort) {
        throw new UnsupportedOperationException("only unconnected sockets");
    }
}
