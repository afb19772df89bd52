package dev.tagma.app;

import java.util.Objects;

/**
 * Where the store is.
 *
 * @param url a JDBC URL, {@code jdbc:postgresql://host:port/database}
 * @param user may be empty where the URL names one
 * @param password may be empty; never shown
 */
public record DatabaseAddress(String url, String user, String password) {
    public DatabaseAddress {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
    }

    @Override
    public String toString() {
        return "DatabaseAddress[" + url + " as " + user + "]";
    }
}
