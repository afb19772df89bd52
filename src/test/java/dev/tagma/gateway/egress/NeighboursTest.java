package dev.tagma.gateway.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeighboursTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.8.8",
                "0.0.0.0",
                "169.254.169.254",
                "169.254.170.2",
                "100.100.100.200",
                "168.63.129.16",
                "::",
                "::1",
                "fe80::1",
                "fd00:ec2::254",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b::7f00:1"
            })
    void theGatewayAndItsNodeAreRefused(String address) throws UnknownHostException {
        assertThat(Neighbours.Refused.refuse(InetAddress.getByName(address))).isTrue();
        assertThat(Neighbours.Allowed.refuse(InetAddress.getByName(address))).isFalse();
    }

    @Test
    void aMappedAddressKeptAsIpv6IsRefused() throws UnknownHostException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1};
        assertThat(Neighbours.Refused.refuse(Inet6Address.getByAddress("x", mapped, 0)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "172.16.0.1",
                "192.168.1.1",
                "100.64.0.1",
                "8.8.8.8",
                "fd12::1",
                "2606:4700::1111",
                "64:ff9b::808:808",
                "64:ff9b::a00:1"
            })
    void whatLiesBeyondTheNodeIsNot(String address) throws UnknownHostException {
        assertThat(Neighbours.Refused.refuse(InetAddress.getByName(address))).isFalse();
    }
}
