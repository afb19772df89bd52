package dev.tagma.app;

import dev.tagma.api.v1alpha1.Durations;
import java.time.Duration;
import picocli.CommandLine;

/** Durations on the command line, written as in manifests: 90s, 5m, 1h30m. */
final class DurationConverter implements CommandLine.ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
        try {
            return Durations.parse(value);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.TypeConversionException(
                    "'" + value + "' is no duration: write it as 90s, 5m or 1h30m");
        }
    }
}
