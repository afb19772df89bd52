package dev.tagma.gateway.egress;

import dev.tagma.gateway.egress.EgressReply.Body;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;

/** Reads what is wanted of a body while it arrives. */
@FunctionalInterface
interface BodyReader {
    /** Most bytes that are read of a body: 1 MiB. */
    int LIMIT = 1 << 20;

    /** The beginning of a body, up to {@link #LIMIT}. */
    BodyReader BEGINNING = (in, arriving) -> {
        byte[] bytes = in.readNBytes(LIMIT);
        boolean whole = bytes.length < LIMIT || in.read() < 0;
        long unread = whole ? 0 : arriving.length() < 0 ? -1 : arriving.length() - bytes.length;
        return new Body(new String(bytes, arriving.charset()), unread);
    };

    /** Reads from {@code in}, which fails when the time is up. */
    Body read(InputStream in, Arriving arriving) throws IOException;

    /**
     * What the headers tell of a body.
     *
     * @param length in bytes, or -1 where it is not told
     */
    record Arriving(String contentType, Charset charset, long length) {}
}
