package dev.tagma.model.provider;

import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The events of one streamed reply: told to langchain4j as they come, with trouble kept for whoever made the call. */
final class EventStream implements ServerSentEventListener {
    private final ServerSentEventListener listener;
    private Throwable trouble;

    private EventStream(ServerSentEventListener listener) {
        this.listener = listener;
    }

    /** Reads to the end. Throws what broke the stream, an IOException among it, or what the listener threw. */
    static void read(InputStream body, ServerSentEventParser parser, ServerSentEventListener listener)
            throws IOException {
        EventStream events = new EventStream(listener);
        parser.parse(body, events);
        switch (events.trouble) {
            case null -> listener.onClose();
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    /** The stream with an end: reading on throws an IOException. */
    static InputStream limited(InputStream body, long most) {
        return new FilterInputStream(body) {
            private long left = most;

            @Override
            public int read() throws IOException {
                int one = super.read();
                count(one < 0 ? 0 : 1);
                return one;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int some = super.read(bytes, offset, length);
                count(Math.max(0, some));
                return some;
            }

            private void count(int some) throws IOException {
                left -= some;
                if (left < 0) {
                    throw new IOException("the body exceeds " + most + " bytes");
                }
            }
        };
    }

    @Override
    public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
        if (trouble == null) {
            listener.onEvent(event, context);
        }
    }

    @Override
    public void onEvent(ServerSentEvent event) {
        if (trouble == null) {
            listener.onEvent(event);
        }
    }

    @Override
    public void onError(Throwable error) {
        if (trouble == null) {
            trouble = error;
        }
    }
}
