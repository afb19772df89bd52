package dev.tagma.mission;

/** What a step records. The codes are stored and hashed: they never change. */
public enum StepKind {
    /** A model's reply: text, tool calls, usage. */
    ModelReply(1),
    /** A non-idempotent tool is about to be called; committed immediately before the call, which never starts twice. */
    ToolStarted(2),
    /** What a tool call returned, or that its outcome is unknown. */
    Observation(3),
    /** The model's todo list as it stands; the last one survives the history window. */
    Plan(4),
    /** What Tagma told the model: an answer that does not fit the schema, a budget that is spent. */
    Feedback(5);

    private final byte code;

    StepKind(int code) {
        this.code = (byte) code;
    }

    /** The stored code. */
    public byte code() {
        return code;
    }

    /** The kind with the stored code; throws IllegalArgumentException for an unknown one (a newer binary's). */
    public static StepKind of(int code) {
        for (StepKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("unknown step kind " + code + ": written by a newer Tagma?");
    }
}
