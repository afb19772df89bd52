package dev.tagma.model.provider;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.StepContent.ModelReply.Stop;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.model.ModelClient;
import dev.tagma.model.ModelException;
import dev.tagma.model.ModelException.Kind;
import dev.tagma.model.ReplyListener;
import dev.tagma.model.RequestSize;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A langchain4j model, built over {@link ProviderHttp}, as a model client: messages, tools, usage and errors in our terms. */
final class ChatModelAdapter implements ModelClient {
    private final ChatModel model;
    private final StreamingChatModel streaming;
    private final ApiKey key;
    private final Dialect dialect;

    /** {@code streaming} is the same model, asked where somebody watches. */
    ChatModelAdapter(ChatModel model, StreamingChatModel streaming, ApiKey key, Dialect dialect) {
        this.model = model;
        this.streaming = streaming;
        this.key = key;
        this.dialect = dialect;
    }

    @Override
    public ModelReply chat(ModelRequest request) throws ModelException, InterruptedException {
        ChatRequest question = question(request);
        try {
            ChatResponse response = ScopedValue.where(
                            Exchange.CURRENT, new Exchange(request.timeout(), request.idempotencyKey(), key))
                    .call(() -> request.watched() ? streamed(question, request.listener()) : model.chat(question));
            return reply(request, response);
        } catch (ContentFilteredException e) {
            throw new ModelException(Kind.ContentRefused, key.redact(e.getMessage()), null, null);
        } catch (RuntimeException e) {
            // langchain4j reads replies of any shape with exceptions of any type: what is not ours could not be read
            CallFailedException failed = CallFailedException.in(e);
            if (failed == null) {
                throw new ModelException(
                        Kind.InvalidReply,
                        "the reply cannot be read: " + ErrorReplies.excerpt(String.valueOf(e.getMessage()), key),
                        null,
                        null);
            }
            if (failed.failure() == null) {
                // the exception says so now
                Thread.interrupted();
                throw new InterruptedException("the model call was interrupted");
            }
            throw redacted(failed.failure());
        }
    }

    private ChatResponse streamed(ChatRequest question, ReplyListener listener) {
        StreamedReply reply = new StreamedReply(listener);
        streaming.chat(question, reply);
        return reply.complete();
    }

    private ModelException redacted(ModelException failure) {
        return new ModelException(failure.kind(), key.redact(failure.getMessage()), failure.retryAfter(), null);
    }

    private ChatRequest question(ModelRequest request) {
        ChatRequestParameters common = ChatRequestParameters.builder()
                .temperature(request.parameters().temperature())
                .maxOutputTokens(request.parameters().maxOutputTokens())
                .toolSpecifications(
                        request.tools().stream().map(ToolSchemas::specification).toList())
                .build();
        return ChatRequest.builder()
                .messages(request.messages().stream()
                        .filter(message -> !(message instanceof Message.System(String text) && text.isBlank()))
                        .map(ChatModelAdapter::message)
                        .toList())
                .parameters(dialect.parameters(common))
                .build();
    }

    private static ChatMessage message(Message message) {
        return switch (message) {
            case Message.System(String text) -> SystemMessage.from(text);
            case Message.User(String text) -> UserMessage.from(orElse(text, "(nothing)"));
            case Message.Assistant(String text, List<ToolCall> calls) -> assistant(text, calls);
            case Message.ToolResult result ->
                ToolExecutionResultMessage.builder()
                        .id(SafeNames.id(result.callId()))
                        .toolName(SafeNames.name(result.tool()))
                        .text(orElse(result.output(), "(no output)"))
                        .isError(result.error() ? true : null)
                        .build();
        };
    }

    /** Providers refuse empty contents. */
    private static String orElse(String text, String otherwise) {
        return text == null || text.isBlank() ? otherwise : text;
    }

    private static AiMessage assistant(String text, List<ToolCall> calls) {
        if (calls.isEmpty()) {
            return AiMessage.from(orElse(text, "(no answer)"));
        }
        List<ToolExecutionRequest> requests = calls.stream()
                .map(call -> ToolExecutionRequest.builder()
                        .id(SafeNames.id(call.id()))
                        .name(SafeNames.name(call.tool()))
                        .arguments(object(call.arguments()))
                        .build())
                .toList();
        return text == null || text.isBlank() ? AiMessage.from(requests) : AiMessage.from(text, requests);
    }

    /** Arguments that a model wrote and a provider takes back: it wants an object, whatever the model wrote. */
    private static String object(String arguments) {
        if (arguments == null) {
            return "{}";
        }
        return Json.readOrText(arguments).isObject()
                ? arguments
                : Json.write(JsonNodeFactory.instance.objectNode().put("invalid", arguments));
    }

    private ModelReply reply(ModelRequest request, ChatResponse response) {
        AiMessage message = response.aiMessage();
        List<ToolCall> calls = calls(message.toolExecutionRequests());
        TokenUsage usage = response.tokenUsage();
        Integer input = usage == null ? null : usage.inputTokenCount();
        Integer output = usage == null ? null : usage.outputTokenCount();
        // a server that counts nothing is not for free
        return new ModelReply(
                message.text(),
                calls,
                input == null ? RequestSize.tokens(request.messages(), request.tools()) : input,
                output == null
                        ? RequestSize.tokens(List.of(new Message.Assistant(message.text(), calls)), List.of())
                        : output,
                stop(dialect.finishReason(response), calls));
    }

    private static List<ToolCall> calls(List<ToolExecutionRequest> requests) {
        List<ToolCall> calls = new ArrayList<>(requests.size());
        Set<String> ids = new HashSet<>();
        for (ToolExecutionRequest request : requests) {
            String id = request.id();
            for (int i = calls.size() + 1; id == null || id.isBlank() || !ids.add(id); i++) {
                id = "call_" + i;
            }
            String arguments = request.arguments();
            calls.add(new ToolCall(
                    id,
                    request.name() == null ? "" : request.name(),
                    arguments == null || arguments.isBlank() ? "{}" : arguments));
        }
        return calls;
    }

    private static Stop stop(FinishReason reason, List<ToolCall> calls) {
        if (reason == FinishReason.CONTENT_FILTER) {
            return Stop.Refused;
        }
        if (reason == FinishReason.LENGTH) {
            return Stop.Length;
        }
        // some servers say "stop" beside tool calls
        return calls.isEmpty() ? Stop.Answer : Stop.ToolCalls;
    }
}
