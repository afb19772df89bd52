package dev.tagma.gateway.egress;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;

/** A body that the client never sends a second time by itself, whatever the server answers. */
final class OnceBody extends RequestBody {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final byte[] EMPTY = {};

    private final byte[] bytes;
    private final boolean typed;

    /** JSON, or nothing at all for null. */
    OnceBody(byte[] json) {
        this.bytes = json == null ? EMPTY : json;
        this.typed = json != null;
    }

    @Override
    public MediaType contentType() {
        return typed ? JSON : null;
    }

    @Override
    public long contentLength() {
        return bytes.length;
    }

    @Override
    public boolean isOneShot() {
        return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        sink.write(bytes);
    }
}
