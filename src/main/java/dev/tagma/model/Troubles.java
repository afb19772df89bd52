package dev.tagma.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Why the models of a chain did not reply, collected for the answer. */
final class Troubles {
    private final List<String> details = new ArrayList<>(1);
    private String last = "";
    private boolean passing;
    private Duration retryAfter;

    void add(ModelLink link, int attempts, ModelException e) {
        String times = attempts == 1 ? "" : " (" + attempts + " attempts)";
        note(link, e.kind() + ": " + e.getMessage() + times);
        if (e.kind().retriable()) {
            passing(e.retryAfter() == null ? link.retry().max() : e.retryAfter());
        }
    }

    void add(ModelLink link, int attempts, String detail) {
        note(link, detail + (attempts == 0 ? "" : " after " + attempts + " attempts"));
        passing(Duration.ZERO);
    }

    private void note(ModelLink link, String trouble) {
        last = trouble;
        details.add(link.model() + ": " + trouble);
    }

    private void passing(Duration wait) {
        passing = true;
        retryAfter = retryAfter == null || wait.compareTo(retryAfter) < 0 ? wait : retryAfter;
    }

    /** Whether asking later may help. */
    boolean passing() {
        return passing;
    }

    /** The shortest wait after which one of the models may do. */
    Duration retryAfter() {
        return retryAfter;
    }

    String last() {
        return last;
    }

    String detail() {
        return String.join("; ", details);
    }
}
