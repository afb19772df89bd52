package dev.tagma.manifest;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.InputStream;
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
        List<Problem> problems = new ArrayList<>();
        List<Document> documents = new ArrayList<>();
        for (Path path : paths) {
            read(path, documents, problems);
        }
        List<Document> valid = validate(documents, problems);
        List<Problem> unresolved = new References(documents).unresolved(valid);
        return new Reading(
                objects.typed(valid),
                problems.stream().sorted(BY_PLACE).toList(),
                unresolved.stream().sorted(BY_PLACE).toList());
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

    private void read(Path path, List<Document> documents, List<Problem> problems) {
        try {
            if (Files.isDirectory(path)) {
                List<Path> files = manifests(path);
                if (files.isEmpty()) {
                    problems.add(new Problem(path, 0, "", "", "no *.yaml, *.yml or *.json in this directory"));
                }
                for (Path file : files) {
                    read(file, documents, problems);
                }
                return;
            }
            YamlSource source = YamlSource.read(path, text(path));
            documents.addAll(source.documents());
            problems.addAll(source.problems());
        } catch (NoSuchFileException e) {
            problems.add(new Problem(path, 0, "", "", "the path does not exist"));
        } catch (CharacterCodingException e) {
            problems.add(new Problem(path, 0, "", "", "the file is no UTF-8 text"));
        } catch (IOException e) {
            problems.add(new Problem(path, 0, "", "", "the file cannot be read: " + e.getMessage()));
        }
    }

    private static List<Path> manifests(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*\\.(yaml|yml|json)"))
                    .sorted()
                    .toList();
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
    private List<Document> validate(List<Document> documents, List<Problem> problems) {
        List<Document> valid = new ArrayList<>();
        Map<String, Document> known = new HashMap<>();
        for (Document document : documents) {
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
            }
        }
        return valid;
    }
}
