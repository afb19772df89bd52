package dev.tagma.gateway.egress;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether tools may reach the machine that calls them: its loopback, the links of its node, and the services that clouds answer nodes with,
 * which give away the identity of whoever asks. Where a pool's author is not that machine's user, allowedHosts must not open them.
 */
public enum Neighbours {
    /** As the pool's author says: everything runs in the author's own process. */
    Allowed,
    /** Never: the gateway is somebody else's. */
    Refused;

    private static final List<AddressRange> NEAR = Stream.of(
                    "0.0.0.0/8",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "100.100.100.200/32",
                    "168.63.129.16/32",
                    "::/128",
                    "::1/128",
                    "fe80::/10",
                    "fd00:ec2::254/128")
            .map(AddressRange::of)
            .toList();
    /** What carries an IPv4 address in its last four bytes: mapped, compatible, and translated by NAT64. */
    private static final List<AddressRange> CARRIERS =
            Stream.of("::/96", "64:ff9b::/96").map(AddressRange::of).toList();

    private static final AddressRange MAPPED = AddressRange.ofMapped();

    /** Whether no allowedHosts opens this address. */
    boolean refuse(InetAddress address) {
        return switch (this) {
            case Allowed -> false;
            case Refused -> near(address.getAddress());
        };
    }

    private static boolean near(byte[] address) {
        if (NEAR.stream().anyMatch(range -> range.contains(address))) {
            return true;
        }
        boolean carries = MAPPED.contains(address) || CARRIERS.stream().anyMatch(range -> range.contains(address));
        return carries && near(Arrays.copyOfRange(address, address.length - 4, address.length));
    }
}
