package dev.tagma.app;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A disk in memory that a test can fill. Mounted for everybody where that is allowed, else in a mount namespace of its own. */
final class SmallDisk implements AutoCloseable {
    private final Path mount;
    private final Process holder;

    private SmallDisk(Path mount, Process holder) {
        this.mount = mount;
        this.holder = holder;
    }

    /** One of {@code megabytes} at the directory {@code mount}. Fails where neither way is allowed: there is no test without a disk. */
    static SmallDisk at(Path mount, int megabytes) throws IOException, InterruptedException {
        Files.createDirectories(mount);
        List<String> mounting =
                List.of("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + megabytes + "m", "tmpfs", mount.toString());
        String refused = run(mounting);
        if (refused.isEmpty()) {
            return new SmallDisk(mount, null);
        }
        List<String> holding = new ArrayList<>(List.of(
                "unshare", "-Urm", "--propagation", "private", "sh", "-c", "\"$@\" && echo mounted && exec cat", "sh"));
        holding.addAll(mounting);
        Process holder = new ProcessBuilder(holding).redirectErrorStream(true).start();
        String said = holder.inputReader().readLine();
        if (!"mounted".equals(said)) {
            holder.destroyForcibly();
            throw new AssertionError(
                    "this test needs a small disk, and may mount none: as it is, " + refused
                            + "; in a namespace of its own, " + said
                            + ". Run it as root, or allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1)");
        }
        return new SmallDisk(mount, holder);
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        return process.waitFor() == 0 ? "" : said.strip();
    }

    /** The program by which a command sees this disk. */
    List<String> by() {
        return holder == null
                ? List.of()
                : List.of(
                        "nsenter",
                        "-t",
                        Long.toString(holder.pid()),
                        "-U",
                        "-m",
                        "--preserve-credentials",
                        "--wd=" + Path.of("").toAbsolutePath(),
                        "--");
    }

    /** Where commands see it. */
    Path path() {
        return mount;
    }

    /** Where this process sees it. */
    Path here() {
        return holder == null ? mount : Path.of("/proc/" + holder.pid() + "/root" + mount);
    }

    /** Takes every byte that is left, again where some became free. */
    void fill() throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream ballast = Files.newOutputStream(
                here().resolve("ballast"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                ballast.write(block);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw e;
            }
        }
    }

    void free() throws IOException {
        Files.delete(here().resolve("ballast"));
    }

    @Override
    public void close() throws IOException {
        try {
            if (holder == null) {
                String refused = run(List.of("umount", "--lazy", mount.toString()));
                if (!refused.isEmpty()) {
                    throw new IOException(refused);
                }
            } else {
                holder.getOutputStream().close();
                holder.waitFor(10, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
