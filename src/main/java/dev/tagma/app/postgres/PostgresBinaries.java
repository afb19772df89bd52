package dev.tagma.app.postgres;

import dev.tagma.mission.Digest;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The Postgres programs that come with Tagma, unpacked once per user and version. */
final class PostgresBinaries {
    private final Path cache;

    /** {@code cache} is created where it is missing. */
    PostgresBinaries(Path cache) {
        this.cache = cache;
    }

    /** The directory with bin, lib and share. */
    Path unpacked() {
        try {
            byte[] archive = archive(System.getProperty("os.name"), System.getProperty("os.arch"));
            Path home = cache.resolve("postgres-" + Digest.sha256(archive));
            return Files.isDirectory(home) ? home : unpack(archive, home);
        } catch (IOException e) {
            throw new PostgresException(
                    "cannot unpack Postgres into " + cache + ": " + e.getMessage()
                            + ": make room there, or name another place with XDG_CACHE_HOME",
                    e);
        }
    }

    /** What is brought for a machine, both as Java names them. */
    static byte[] archive(String name, String machine) throws IOException {
        String os = name.toLowerCase(Locale.ROOT);
        String system = os.contains("mac") ? "Darwin" : os.contains("win") ? "Windows" : "Linux";
        try (InputStream archive = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
                system, machine.equals("amd64") ? "x86_64" : machine)) {
            return archive.readAllBytes();
        } catch (IllegalStateException e) {
            throw new PostgresException(
                    "this Tagma brings no Postgres for " + system + " on " + machine + ": name one with --database URL",
                    e);
        }
    }

    /** A rename is the last thing, so that a kill in the middle leaves nothing that looks whole. */
    private Path unpack(byte[] archive, Path home) throws IOException {
        Files.createDirectories(cache);
        Path fresh = Files.createTempDirectory(cache, "unpacking-");
        try {
            extract(archive, fresh);
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (FileSystemException e) {
            if (!Files.isDirectory(home)) {
                throw e;
            }
        } finally {
            deleteTree(fresh);
        }
        return home;
    }

    private static void extract(byte[] archive, Path into) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = into.resolve(entry.getName()).normalize();
                if (!target.startsWith(into)) {
                    throw new IOException("the archive names a file outside of itself: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    write(tar, entry, target);
                }
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, target);
        if ((entry.getMode() & 0100) != 0
                && target.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(target);
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            Files.setPosixFilePermissions(target, permissions);
        }
    }

    /** Deletes a directory with all that is in it; nothing where it is missing. */
    static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
