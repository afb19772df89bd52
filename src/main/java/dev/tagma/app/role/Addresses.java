package dev.tagma.app.role;

/** Where something is dialled. */
final class Addresses {
    static final String FORM = "HOST:PORT, such as tagma-gateway.tagma.svc:9443";

    private Addresses() {}

    /** The same address. Throws IllegalArgumentException where it is none. */
    static String checked(String address) {
        if (!address.matches("[^:/\\s]+:[0-9]{1,5}")) {
            throw new IllegalArgumentException(address);
        }
        return address;
    }
}
