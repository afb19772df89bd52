package dev.tagma.e2e;

import dev.tagma.kube.Command;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A pod that no packet reaches or leaves, until it is closed, but for those that it sends itself. */
final class Cut implements AutoCloseable {
    private final String pid;

    private Cut(String pid) {
        this.pid = pid;
    }

    static Cut off(Pod pod) {
        Cut cut = new Cut(Long.toString(Pods.processes(pod).getFirst()));
        cut.drop("-I");
        return cut;
    }

    /** Returns when it has been so for this long, and the moment at which it ends. */
    Instant after(Duration time) {
        Instant end = Instant.now().plus(time);
        Waiting.atMost(time.plusSeconds(10), "the end of the cut")
                .until(() -> !Instant.now().isBefore(end));
        return end;
    }

    private void drop(String change) {
        rule(change, "INPUT", "!", "-i", "lo", "-j", "DROP");
        rule(change, "OUTPUT", "!", "-o", "lo", "-j", "DROP");
    }

    private void rule(String... arguments) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=/proc/" + pid + "/ns/net", "iptables", "-w"));
        command.addAll(List.of(arguments));
        Command.of(command).run().ok();
    }

    @Override
    public void close() {
        drop("-D");
    }
}
