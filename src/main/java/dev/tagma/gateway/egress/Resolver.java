package dev.tagma.gateway.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Where the addresses of host names come from. Blocks. */
@FunctionalInterface
public interface Resolver {
    /** The operating system's. */
    Resolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /** Every address of the host, at least one. */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
