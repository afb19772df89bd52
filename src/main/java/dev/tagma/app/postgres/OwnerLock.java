package dev.tagma.app.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The right to start and stop the server of a directory: a file lock, which the system takes away when its process ends. Who has it
 * is written beside it, because reading the locked file itself would give the lock up on POSIX systems.
 */
final class OwnerLock implements AutoCloseable {
    private final FileChannel channel;
    private final Path owner;

    private OwnerLock(FileChannel channel, Path owner) {
        this.channel = channel;
        this.owner = owner;
    }

    /** The lock, unless somebody has it. {@code command} is told to those who are refused. */
    static Optional<OwnerLock> tryAcquire(DataDirectory directory, String command) throws IOException {
        FileChannel channel = FileChannel.open(directory.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                Files.writeString(directory.owner(), ProcessHandle.current().pid() + " (tagma " + command + ")\n");
                return Optional.of(new OwnerLock(channel, directory.owner()));
            }
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
        channel.close();
        return Optional.empty();
    }

    /** Who has the lock, such as {@code 4711 (tagma run)}; empty where they just left. */
    static String holder(DataDirectory directory) throws IOException {
        try {
            return Files.readString(directory.owner()).strip();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(owner);
        }
    }
}
