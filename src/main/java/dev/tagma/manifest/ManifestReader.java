package dev.tagma.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads manifests, completes them with the defaults of the CRDs and checks them with their schema and rules. Thread-safe. */
public final class ManifestReader {
    private static final Path STANDARD_INPUT = Path.of("-");
    /** Directories within directories; a walk without end would find a whole disk under {@code -f /}. */
    private static final int DEEPEST = 16;

    private static final Comparator<Problem> BY_PLACE =
            Comparator.comparing(Problem::file).thenComparing(Problem::line).thenComparing(Problem::field);

    private final ObjectValidator validator = new ObjectValidator(Kind.all());
    private final ObjectCodec objects = new ObjectCodec();
    private final InputStream standardInput;

    /** {@code standardInput} is what the path {@code -} stands for. */
    public ManifestReader(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    /** Reads files, directories ({@code *.yaml}, {@code *.yml} and {@code *.json} in them, by name) and {@code -}. Never throws over content. */
    public Reading read(List<Path> paths) {
        return read(paths, false);
    }

    /** The same, with {@code recursive} also the directories in directories. */
    public Reading read(List<Path> paths, boolean recursive) {
        Found found = new Found(recursive);
        paths.forEach(path -> read(path, found));
        List<ObjectNode> written = new ArrayList<>();
        List<Document> valid = validate(found.documents, found.problems, written);
        List<Problem> unresolved = new References(found.documents).unresolved(valid);
        Map<String, String> places = new HashMap<>();
        valid.forEach(document -> places.put(document.label(), document.file() + ":" + document.line(FieldPath.ROOT)));
        return new Reading(
                objects.typed(valid),
                found.problems.stream().sorted(BY_PLACE).toList(),
                unresolved.stream().sorted(BY_PLACE).toList(),
                found.passedOver,
                written,
                places);
    }

    private static final class Found {
        private final boolean recursive;
        private final List<Problem> problems = new ArrayList<>();
        private final List<Document> documents = new ArrayList<>();
        private final List<Path> passedOver = new ArrayList<>();

        private Found(boolean recursive) {
            this.recursive = recursive;
        }
    }

    /**
     * What forbids that {@code old} becomes {@code changed}, two objects of one kind as {@link #read} gave them: lines such as
     * {@code spec.goal: Invalid value: "object": field is immutable}.
     */
    public <T extends HasMetadata> List<String> validateUpdate(T old, T changed) {
        return validator.validateUpdate(objects.tree(old), objects.tree(changed)).stream()
                .map(violation -> violation.field() + ": " + violation.message())
                .toList();
    }

    private void read(Path path, Found found) {
        try {
            if (Files.isDirectory(path)) {
                directory(path, found);
                return;
            }
            YamlSource source = YamlSource.read(path, text(path));
            found.documents.addAll(source.documents());
            found.problems.addAll(source.problems());
        } catch (NoSuchFileException e) {
            found.problems.add(new Problem(path, 0, "", "", "the path does not exist"));
        } catch (CharacterCodingException e) {
            found.problems.add(new Problem(path, 0, "", "", "the file is no UTF-8 text"));
        } catch (IOException | UncheckedIOException e) {
            found.problems.add(new Problem(path, 0, "", "", "the file cannot be read: " + e.getMessage()));
        }
    }

    private void directory(Path path, Found found) throws IOException {
        List<Path> files = manifests(path, found.recursive ? DEEPEST : 1);
        List<Path> below = found.recursive ? List.of() : holding(path);
        if (files.isEmpty()) {
            String hint = below.isEmpty() ? "" : "; -R reads those in the directories below";
            found.problems.add(new Problem(path, 0, "", "", "no *.yaml, *.yml or *.json in this directory" + hint));
            return;
        }
        found.passedOver.addAll(below);
        files.forEach(file -> read(file, found));
    }

    private static List<Path> manifests(Path directory, int depth) throws IOException {
        try (Stream<Path> files = Files.walk(directory, depth)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*\\.(yaml|yml|json)"))
                    .sorted()
                    .toList();
        }
    }

    /** The directories in this one that hold manifests; those that cannot be looked into are nobody's concern. */
    private static List<Path> holding(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory)
                    .filter(ManifestReader::holds)
                    .sorted()
                    .toList();
        }
    }

    private static boolean holds(Path directory) {
        try {
            return !manifests(directory, 1).isEmpty();
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private String text(Path path) throws IOException {
        byte[] bytes = path.equals(STANDARD_INPUT) ? standardInput.readAllBytes() : Files.readAllBytes(path);
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /** The documents without problems. */
    private List<Document> validate(List<Document> documents, List<Problem> problems, List<ObjectNode> written) {
        List<Document> valid = new ArrayList<>();
        Map<String, Document> known = new HashMap<>();
        for (Document document : documents) {
            ObjectNode before = document.content().deepCopy();
            List<Violation> violations = new ArrayList<>(validator.complete(document.content()));
            if (document.kind().equals("Secret")) {
                violations.addAll(Secrets.complete(document.content()));
            }
            violations.forEach(violation -> problems.add(document.problem(violation)));
            Document first = document.name().isEmpty() ? null : known.putIfAbsent(document.label(), document);
            if (first != null) {
                problems.add(document.problem(
                        "metadata.name",
                        "Duplicate value: \"" + document.name() + "\": declared before at "
                                + first.place(document.file())));
            } else if (violations.isEmpty()) {
                valid.add(document);
                written.add(before);
            }
        }
        return valid;
    }
}
