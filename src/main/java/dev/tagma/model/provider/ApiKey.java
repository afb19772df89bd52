package dev.tagma.model.provider;

/** A provider's key, which shows itself nowhere but in the request. */
final class ApiKey {
    /** No key, for servers that ask for none. */
    static final ApiKey NONE = new ApiKey("");

    private final String value;

    private ApiKey(String value) {
        this.value = value;
    }

    /** A key from a secret, without the line end that editors leave; null or blank is none. */
    static ApiKey of(String secret) {
        if (secret == null || secret.isBlank()) {
            return NONE;
        }
        String stripped = secret.strip();
        if (!stripped.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "the key has characters that cannot be sent: store it in the secret as plain ASCII on one line");
        }
        return new ApiKey(stripped);
    }

    boolean absent() {
        return value.isEmpty();
    }

    String value() {
        return value;
    }

    /** The text without the key, should a provider have echoed it. */
    String redact(String text) {
        return text == null || absent() ? text : text.replace(value, "***");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ApiKey key && key.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return absent() ? "none" : "***";
    }
}
