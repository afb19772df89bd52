package dev.tagma.app;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which manifests a command works on. */
final class ManifestOptions {
    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE|DIR",
            required = true,
            arity = "1..*",
            description =
                    "manifests to read: files, directories (not those within, but with -R), - for standard input; may be repeated")
    List<Path> files = new ArrayList<>();

    @Option(
            names = {"-R", "--recursive"},
            description = "read the directories in a directory too")
    boolean recursive;

    @Option(
            names = "--configmap",
            paramLabel = "NAME=FILE",
            description =
                    "adds a ConfigMap in namespace default with a file in it, under the file's name, or under KEY with NAME=KEY=FILE; may be repeated")
    List<String> configMaps = new ArrayList<>();

    /** The manifests. Throws CommandException with every problem found. */
    ManifestSource.Reading read(ManifestSource source, Console console) {
        ManifestSource.Reading reading = source.read(new ManifestSource.Request(files, recursive, configMaps()));
        reading.passedOver()
                .forEach(directory ->
                        console.err().println("not read: the manifests in " + directory + " (-R reads them)"));
        if (!reading.problems().isEmpty()) {
            throw new CommandException(ExitCode.Invalid, reading.problems());
        }
        return reading;
    }

    List<ConfigMap> configMaps() {
        Map<String, Map<String, String>> data = new LinkedHashMap<>();
        for (String argument : configMaps) {
            String[] parts = argument.split("=", 3);
            if (parts.length < 2 || parts[0].isEmpty() || parts[parts.length - 1].isEmpty()) {
                throw new CommandException(
                        ExitCode.Invalid, "--configmap takes NAME=FILE or NAME=KEY=FILE, not " + argument);
            }
            Path file = Path.of(parts[parts.length - 1]);
            String key = parts.length == 3 ? parts[1] : file.getFileName().toString();
            data.computeIfAbsent(parts[0], name -> new LinkedHashMap<>()).put(key, text(file));
        }
        return data.entrySet().stream()
                .map(entry -> new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace("default")
                        .withName(entry.getKey())
                        .endMetadata()
                        .withData(entry.getValue())
                        .build())
                .toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new CommandException(ExitCode.Invalid, "--configmap: no file " + file, e);
        } catch (CharacterCodingException e) {
            throw new CommandException(ExitCode.Invalid, "--configmap: " + file + " is no UTF-8 text", e);
        } catch (IOException e) {
            throw new CommandException(ExitCode.Invalid, "--configmap: cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
