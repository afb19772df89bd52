package dev.tagma.app;

/** What the program's exit code says. */
enum ExitCode {
    /** Everything asked for was done; every mission succeeded. */
    Done(0),
    /** A mission did not succeed, or a chain does not verify. */
    NotSucceeded(1),
    /** Wrong arguments or manifests: nothing was run. */
    Invalid(2),
    /** No database, a full disk, no port: nothing can be said about the missions. */
    CannotRun(3),
    /** Interrupted; unfinished missions were handed back and go on at the next start. */
    Interrupted(130);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
