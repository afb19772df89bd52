package dev.tagma.model;

import dev.tagma.model.ModelException.Kind;

/**
 * Who watches a model's reply. That somebody does makes the call another one, which asks for the reply in pieces: a provider that cannot
 * give it so is asked for all of it at once, so that nobody changes what becomes of a mission by watching it.
 */
final class Watched {
    private final ReplyListener listener;
    private volatile boolean heard;

    Watched(ReplyListener watching) {
        this.listener = watching == ReplyListener.NOBODY ? watching : new Ear(watching);
    }

    ReplyListener listener() {
        return listener;
    }

    /** Whether the call may have failed for being watched: it failed for what was asked or answered, before a word was heard. */
    boolean unheard(Kind kind) {
        return listener != ReplyListener.NOBODY
                && !heard
                && switch (kind) {
                    case InvalidRequest, InvalidReply -> true;
                    case Unreachable, Timeout, RateLimited, AuthenticationFailed, ContentRefused -> false;
                };
    }

    private final class Ear implements ReplyListener {
        private final ReplyListener watching;

        Ear(ReplyListener watching) {
            this.watching = watching;
        }

        @Override
        public void wrote(String piece) {
            heard = true;
            watching.wrote(piece);
        }

        @Override
        public void restarted() {
            watching.restarted();
        }
    }
}
