package dev.tagma.model.provider;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;

/** Where a protocol differs from what langchain4j has in common for all. */
interface Dialect {
    /** No difference. */
    Dialect PLAIN = new Dialect() {};

    /** The parameters of a request as the protocol names them. */
    default ChatRequestParameters parameters(ChatRequestParameters common) {
        return common;
    }

    /** Why the model stopped. */
    default FinishReason finishReason(ChatResponse response) {
        return response.finishReason();
    }
}
