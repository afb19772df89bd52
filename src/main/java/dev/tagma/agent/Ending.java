package dev.tagma.agent;

/** How a runtime's part in a mission ended. */
public enum Ending {
    /** The mission is over: its outcome is committed. */
    Finished,
    /** Given back: handed back, retried later, or waiting. */
    Released,
    /** Another owns it, or nobody; nothing more could be stored. */
    Lost,
    /** Left without a word after trouble that could not be reported; a heartbeat or the lease heals it. */
    Abandoned
}
