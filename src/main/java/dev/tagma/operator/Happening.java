package dev.tagma.operator;

/** What Events tell of: the closed list. Steady states make no Events; only their beginning does. */
public enum Happening {
    /** A pool began to serve. */
    Available(Kind.Normal, "Serve"),
    /** A pool's agents, tools or models changed: new missions get the new ones. */
    RevisionPublished(Kind.Normal, "Publish"),
    /** A deleted pool waits for the missions that have started. */
    Draining(Kind.Normal, "Drain"),
    /** A deleted pool ended missions that could not go on without it. */
    MissionsEnded(Kind.Warning, "Drain"),
    /** A pool or a mission refers to something that is not there, not allowed or of no use. */
    ReferenceBroken(Kind.Warning, "Resolve"),
    /** A pool's pod template asks for what it may not have. */
    InvalidTemplate(Kind.Warning, "Apply"),
    /** A pool's runtimes do not come up. */
    RuntimesFailing(Kind.Warning, "Roll"),
    /** A provider began to answer. */
    Reachable(Kind.Normal, "Probe"),
    /** A provider cannot be used. */
    ProviderFailing(Kind.Warning, "Probe"),
    /** A mission waits for room in the queue of its pool. */
    QueueFull(Kind.Warning, "Admit"),
    /** A mission lost its runtime, and goes on elsewhere. */
    RuntimeLost(Kind.Warning, "Run"),
    /** A mission failed for the moment, and is tried again. */
    Retrying(Kind.Warning, "Run"),
    /** A mission waits because no model, or no store, answers. */
    ServiceUnavailable(Kind.Warning, "Run"),
    /** A mission waits for a person to say what became of a call. */
    OutcomeUnknown(Kind.Warning, "Run"),
    /** A mission failed for good. */
    MissionFailed(Kind.Warning, "Run");

    private final Kind kind;
    private final String action;

    Happening(Kind kind, String action) {
        this.kind = kind;
        this.action = action;
    }

    /** Whether somebody should look. */
    public Kind kind() {
        return kind;
    }

    /** What the operator was doing, in one word. */
    public String action() {
        return action;
    }

    /** The two types of Events. */
    public enum Kind {
        Normal,
        Warning
    }
}
