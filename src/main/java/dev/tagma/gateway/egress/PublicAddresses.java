package dev.tagma.gateway.egress;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses belong to the public Internet: those that the IANA special-purpose registries (RFC 6890 and its updates) do not
 * reserve. Of IPv6 only global unicast 2000::/3 counts, without the ranges that carry an IPv4 address inside.
 */
final class PublicAddresses {
    private static final List<AddressRange> RESERVED = Stream.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    // no registry has it: Azure answers its machines there
                    "168.63.129.16/32",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.88.99.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/3",
                    "2001::/23",
                    "2001:db8::/32",
                    "2002::/16",
                    "3fff::/20")
            .map(AddressRange::of)
            .toList();
    private static final AddressRange GLOBAL_UNICAST = AddressRange.of("2000::/3");

    private PublicAddresses() {}

    /** Whether anybody on the Internet means the same machine by it. */
    static boolean contain(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 16 && !GLOBAL_UNICAST.contains(bytes)) {
            return false;
        }
        return RESERVED.stream().noneMatch(range -> range.contains(bytes));
    }
}
