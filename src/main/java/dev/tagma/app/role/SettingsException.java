package dev.tagma.app.role;

import java.util.List;

/** The environment of a role is not what it has to be; the message names each variable and what to do about it. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
    }
}
