package dev.tagma.runtime.grpc;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/** The pod's projected token, read anew for each call: the kubelet replaces it long before it expires. */
final class BearerToken extends CallCredentials {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Path file;

    BearerToken(Path file) {
        this.file = file;
    }

    @Override
    public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
        executor.execute(() -> {
            Metadata headers = new Metadata();
            try {
                headers.put(AUTHORIZATION, "Bearer " + Files.readString(file).strip());
            } catch (IOException e) {
                applier.fail(Status.UNAVAILABLE
                        .withDescription("the token in " + file + " cannot be read: " + e.getMessage())
                        .withCause(e));
                return;
            }
            applier.apply(headers);
        });
    }
}
