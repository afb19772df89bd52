package dev.tagma.gateway.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses that begin with the same bits. */
record AddressRange(byte[] network, int prefix) {
    private static final int MAPPED_PREFIX = 96;

    /** {@code address/bits}. */
    static AddressRange of(String cidr) {
        int slash = cidr.indexOf('/');
        try {
            return new AddressRange(
                    InetAddress.getByName(cidr.substring(0, slash)).getAddress(),
                    Integer.parseInt(cidr.substring(slash + 1)));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no network: " + cidr, e);
        }
    }

    /** IPv4 addresses kept as IPv6, ::ffff:0:0/96, which no text stands for: the JDK reads them as IPv4. */
    static AddressRange ofMapped() {
        return new AddressRange(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 0, 0, 0, 0}, MAPPED_PREFIX);
    }

    boolean contains(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((address[bit / 8] & mask) != (network[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
