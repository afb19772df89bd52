package dev.tagma.e2e;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;

/** Pods from outside: their processes, as the machine of the nodes sees them, and their restarts. */
final class Pods {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    /** Of the files of a container's cgroup below that, the nodes' own directories included. */
    private static final int DEPTH = 10;

    private Pods() {}

    static String name(Pod pod) {
        return pod.getMetadata().getName();
    }

    /** The runtimes of a namespace's pools that are not about to go. */
    static List<Pod> runtimes(String namespace) {
        return Suite.client()
                .pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/component", "runtime")
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /** SIGKILL for the processes of its containers, which must run on this machine. */
    static void kill(Pod pod) {
        List<Long> processes = javaProcesses(pod);
        if (processes.isEmpty()) {
            throw new AssertionError("no process of pod " + name(pod) + " is there to kill");
        }
        kill(processes);
    }

    /** The same where there are any: its container may be about to start again. */
    static void killWhatRuns(Pod pod) {
        kill(javaProcesses(pod));
    }

    private static void kill(List<Long> processes) {
        processes.stream().flatMap(pid -> ProcessHandle.of(pid).stream()).forEach(ProcessHandle::destroyForcibly);
    }

    static void delete(Pod pod, String... more) {
        String[] arguments = Stream.concat(
                        Stream.of("delete", "pod", "-n", pod.getMetadata().getNamespace(), name(pod), "--wait=false"),
                        Stream.of(more))
                .toArray(String[]::new);
        Suite.kubectl(arguments).ok();
    }

    /** How often its containers were started again. */
    static int restarts(Pod pod) {
        Pod now = Suite.client().resource(pod).get();
        return now == null
                ? 0
                : now.getStatus().getContainerStatuses().stream()
                        .mapToInt(ContainerStatus::getRestartCount)
                        .sum();
    }

    /** Whether it is ready now. */
    static boolean ready(Pod pod) {
        Pod now = Suite.client().resource(pod).get();
        return now != null && Readiness.isPodReady(now);
    }

    /** Resident memory of its JVMs in bytes, as /proc says. */
    static long residentBytes(Pod pod) {
        return javaProcesses(pod).stream().mapToLong(Pods::residentBytes).sum();
    }

    private static long residentBytes(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return 1024
                    * lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether each of its JVMs has this file mapped into its memory. */
    static boolean maps(Pod pod, String file) {
        List<Long> processes = javaProcesses(pod);
        return !processes.isEmpty()
                && processes.stream()
                        .allMatch(pid -> lines(Path.of("/proc", Long.toString(pid), "maps"))
                                .anyMatch(line -> line.endsWith(" " + file)));
    }

    private static List<Long> javaProcesses(Pod pod) {
        return processes(pod).stream().filter(Pods::isJava).toList();
    }

    /** The numbers of its processes, as the machine of the nodes counts them. */
    static List<Long> processes(Pod pod) {
        String directory = "/pod" + pod.getMetadata().getUid() + "/";
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(CGROUPS, EnumSet.noneOf(FileVisitOption.class), DEPTH, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.endsWith("cgroup.procs") && file.toString().contains(directory)) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                /** Containers end while this looks. */
                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files.stream()
                .flatMap(Pods::lines)
                .map(Long::parseLong)
                .distinct()
                .toList();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            return Stream.of();
        }
    }

    private static boolean isJava(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "comm"))
                    .strip()
                    .equals("java");
        } catch (IOException e) {
            return false;
        }
    }
}
