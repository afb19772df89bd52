package dev.tagma.model;

/**
 * Is told what a model writes while it writes it: a foretaste for people who watch, never what counts, which is the stored reply.
 * Called from any thread; must neither block nor throw.
 */
public interface ReplyListener {
    /** Nobody watches: the reply need not be streamed. */
    ReplyListener NOBODY = new ReplyListener() {
        @Override
        public void wrote(String piece) {}

        @Override
        public void restarted() {}
    };

    /** The next piece of the reply's text. */
    void wrote(String piece);

    /** What was written so far counts for nothing: the model is asked again, or another one. */
    void restarted();
}
