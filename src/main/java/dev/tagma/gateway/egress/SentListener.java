package dev.tagma.gateway.egress;

import okhttp3.Call;
import okhttp3.EventListener;

/** Knows whether a request began to leave: until then a failure means that the server saw nothing of it. */
final class SentListener extends EventListener {
    private volatile boolean started;

    @Override
    public void requestHeadersStart(Call call) {
        started = true;
    }

    boolean started() {
        return started;
    }
}
