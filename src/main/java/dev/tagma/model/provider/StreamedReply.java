package dev.tagma.model.provider;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.tagma.model.ModelException;
import dev.tagma.model.ModelException.Kind;
import dev.tagma.model.ReplyListener;

/** A reply that comes in pieces: {@link ProviderHttp} reads all of them before the call returns. */
final class StreamedReply implements StreamingChatResponseHandler {
    private final ReplyListener listener;
    private ChatResponse complete;
    private Throwable trouble;

    StreamedReply(ReplyListener listener) {
        this.listener = listener;
    }

    @Override
    public void onPartialResponse(String piece) {
        listener.wrote(piece);
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        complete = response;
    }

    @Override
    public void onError(Throwable error) {
        if (trouble == null) {
            trouble = error;
        }
    }

    /** The whole reply. Throws what kept it from coming. */
    ChatResponse complete() {
        if (trouble instanceof RuntimeException e) {
            throw e;
        }
        if (trouble != null) {
            throw new IllegalStateException(trouble.getMessage(), trouble);
        }
        if (complete == null || complete.finishReason() == null) {
            throw new CallFailedException(new ModelException(
                    Kind.InvalidReply, "the stream of the reply ended before the reply did", null, null));
        }
        return complete;
    }
}
