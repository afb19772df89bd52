package dev.tagma.app.role;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads settings out of variables. What is wrong is gathered, so that one attempt shows all of it. */
final class Environment {
    private static final UUID NOBODY = new UUID(0, 0);

    private final Map<String, String> variables;
    private final List<String> problems = new ArrayList<>();

    private Environment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    /** Its value, else its fallback; empty where it is required and missing. */
    String text(Setting setting) {
        String value = variables.getOrDefault(setting.name(), "").strip();
        if (!value.isEmpty()) {
            return value;
        }
        if (setting.required()) {
            problems.add(setting.name() + " is not set: " + setting.says());
            return "";
        }
        return setting.fallback();
    }

    /** A comma-separated list; empty where nothing is set. */
    Set<String> names(Setting setting) {
        return Arrays.stream(text(setting).split(","))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A whole number from {@code least} to {@code most}. */
    int number(Setting setting, int least, int most) {
        String range = "a whole number from " + least + " to " + most;
        return parsed(setting, least, range, value -> {
            int number = Integer.parseInt(value);
            if (number < least || number > most) {
                throw new IllegalArgumentException(range);
            }
            return number;
        });
    }

    /** {@code true} or {@code false}. */
    boolean flag(Setting setting) {
        return parsed(setting, false, "true or false", value -> switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(value);
        });
    }

    /** A UID as Kubernetes gives it. */
    UUID uid(Setting setting) {
        return parsed(setting, NOBODY, "a UID such as 6f1a4f0e-5a3c-4c8e-9f43-1f4a4c1d2b3c", UUID::fromString);
    }

    /** A file that can be read now; null where none is named. */
    Path file(Setting setting) {
        String named = text(setting);
        if (named.isEmpty()) {
            return null;
        }
        Path file = Path.of(named);
        if (!Files.isReadable(file)) {
            problem(setting, "names " + named + ", which cannot be read: mount it, or correct the path");
        }
        return file;
    }

    /** A secret: the variable itself, or the content of the file that {@code byFile} names. */
    String secret(Setting setting, Setting byFile) {
        Path file = file(byFile);
        if (file == null) {
            return text(setting);
        }
        if (!text(setting).isEmpty()) {
            problem(byFile, "and " + setting.name() + " are both set: keep one");
        }
        try {
            return Files.isReadable(file) ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            problem(byFile, "names " + file + ", which cannot be read: " + e.getMessage());
            return "";
        }
    }

    /** What {@code parse} makes of the value. An IllegalArgumentException of it means that the value is not {@code form}. */
    <T> T parsed(Setting setting, T otherwise, String form, Function<String, T> parse) {
        String value = text(setting);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            return parse.apply(value);
        } catch (IllegalArgumentException e) {
            problem(setting, "must be " + form + ", not '" + value.replaceFirst("//[^/@]*@", "//***@") + "'");
            return otherwise;
        }
    }

    /** Notes what is wrong with a setting, in words that go on behind its name. */
    void problem(Setting setting, String what) {
        problems.add(setting.name() + " " + what);
    }

    /** Throws {@link SettingsException} with everything that was wrong so far. */
    void orThrow() {
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
    }

    /** What {@code read} makes of the variables. Throws {@link SettingsException} with everything that is wrong with them. */
    static <T> T read(Map<String, String> variables, Function<Environment, T> read) {
        Environment environment = new Environment(variables);
        T settings = read.apply(environment);
        environment.orThrow();
        return settings;
    }
}
