package dev.tagma.app.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Where an embedded Postgres lives.
 *
 * <pre>
 * tagma.lock   held by the owner, who alone starts and stops the server
 * owner        who that is
 * password     of the server's only user; nobody but the owner's user can read it
 * postgres/    the data; postmaster.pid in it says where the server listens
 * server.log   what the server says
 * .gitignore   keeps all of it out of repositories
 * </pre>
 */
record DataDirectory(Path root) {
    DataDirectory {
        root = root.toAbsolutePath().normalize();
    }

    /** Creates what is missing. */
    void prepare() {
        try {
            Files.createDirectories(root);
            if (posix()) {
                Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
            }
            if (!Files.exists(root.resolve(".gitignore"))) {
                Files.writeString(root.resolve(".gitignore"), "*\n");
            }
        } catch (FileSystemException e) {
            throw new PostgresException(
                    "cannot use " + root + " as data directory: " + reason(e) + ": name another with --data DIR", e);
        } catch (IOException e) {
            throw new PostgresException("cannot use " + root + " as data directory: " + e.getMessage(), e);
        }
    }

    private static String reason(FileSystemException e) {
        return e.getReason() != null
                ? e.getReason()
                : switch (e) {
                    case java.nio.file.FileAlreadyExistsException x -> "it is a file";
                    case java.nio.file.AccessDeniedException x -> "permission denied";
                    case FileSystemException x -> x.toString();
                };
    }

    Path lock() {
        return root.resolve("tagma.lock");
    }

    Path owner() {
        return root.resolve("owner");
    }

    Path data() {
        return root.resolve("postgres");
    }

    /** Whether there is a database in it. Throws PostgresException where that cannot be seen. */
    boolean holdsData() {
        try {
            return Files.readAttributes(data(), BasicFileAttributes.class).isDirectory();
        } catch (NoSuchFileException e) {
            return false;
        } catch (FileSystemException e) {
            throw new PostgresException("cannot look into " + root + ": " + reason(e), e);
        } catch (IOException e) {
            throw new PostgresException("cannot look into " + root + ": " + e.getMessage(), e);
        }
    }

    Path log() {
        return root.resolve("server.log");
    }

    /** A new password, kept for the later owners. */
    Path createPassword() throws IOException {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        Path file = root.resolve("password");
        Files.deleteIfExists(file);
        if (posix()) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return Files.writeString(file, HexFormat.of().formatHex(random), StandardCharsets.US_ASCII);
    }

    String password() {
        try {
            return Files.readString(root.resolve("password")).strip();
        } catch (IOException e) {
            throw new PostgresException(
                    "cannot read the database's password in " + root.resolve("password") + ": " + e.getMessage()
                            + ": restore the file, or name another directory with --data DIR",
                    e);
        }
    }

    private boolean posix() {
        return root.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
