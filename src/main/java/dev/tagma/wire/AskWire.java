package dev.tagma.wire;

import com.google.protobuf.ByteString;
import dev.tagma.mission.SpecCodec;
import dev.tagma.mission.link.GatewaySession.ModelAsk;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import dev.tagma.wire.v1alpha1.CallModelRequest;
import java.util.Collection;
import java.util.List;

/** Questions to models, and the tools that they hear of, on the wire. */
public final class AskWire {
    private AskWire() {}

    /** Puts the question into the request. */
    public static CallModelRequest.Builder encode(ModelAsk ask, CallModelRequest.Builder request) {
        ask.messages().forEach(message -> request.addMessages(encode(message)));
        return request.addAllTools(encode(ask.tools())).setWrapUp(ask.wrapUp());
    }

    /** The question in the request. */
    public static ModelAsk decode(CallModelRequest request) {
        return new ModelAsk(
                request.getMessagesList().stream().map(AskWire::decode).toList(),
                decode(request.getToolsList()),
                request.getWrapUp());
    }

    /** The definitions' messages. */
    public static List<dev.tagma.wire.v1alpha1.ToolDefinition> encode(Collection<ToolDefinition> tools) {
        return tools.stream()
                .map(tool -> dev.tagma.wire.v1alpha1.ToolDefinition.newBuilder()
                        .setName(tool.name())
                        .setDescription(tool.description())
                        .setParameters(ByteString.copyFrom(SpecCodec.encode(tool.parameters())))
                        .build())
                .toList();
    }

    /** The definitions in the messages. */
    public static List<ToolDefinition> decode(List<dev.tagma.wire.v1alpha1.ToolDefinition> tools) {
        return tools.stream()
                .map(tool -> new ToolDefinition(
                        tool.getName(),
                        tool.getDescription(),
                        SpecCodec.json(tool.getParameters().toByteArray())))
                .toList();
    }

    /** The call's message. */
    public static dev.tagma.wire.v1alpha1.ToolCall encode(ToolCall call) {
        return dev.tagma.wire.v1alpha1.ToolCall.newBuilder()
                .setId(call.id())
                .setTool(call.tool())
                .setArguments(call.arguments())
                .build();
    }

    /** The call in the message. */
    public static ToolCall decode(dev.tagma.wire.v1alpha1.ToolCall call) {
        return new ToolCall(call.getId(), call.getTool(), call.getArguments());
    }

    private static dev.tagma.wire.v1alpha1.Message encode(Message message) {
        dev.tagma.wire.v1alpha1.Message.Builder builder = dev.tagma.wire.v1alpha1.Message.newBuilder();
        switch (message) {
            case Message.System system -> builder.setSystem(system.text());
            case Message.User user -> builder.setUser(user.text());
            case Message.Assistant assistant ->
                builder.getAssistantBuilder()
                        .setText(assistant.text())
                        .addAllToolCalls(assistant.toolCalls().stream()
                                .map(AskWire::encode)
                                .toList());
            case Message.ToolResult result ->
                builder.getToolResultBuilder()
                        .setCallId(result.callId())
                        .setTool(result.tool())
                        .setOutput(result.output())
                        .setError(result.error());
        }
        return builder.build();
    }

    private static Message decode(dev.tagma.wire.v1alpha1.Message message) {
        return switch (message.getMessageCase()) {
            case SYSTEM -> new Message.System(message.getSystem());
            case USER -> new Message.User(message.getUser());
            case ASSISTANT ->
                new Message.Assistant(
                        message.getAssistant().getText(),
                        message.getAssistant().getToolCallsList().stream()
                                .map(AskWire::decode)
                                .toList());
            case TOOL_RESULT ->
                new Message.ToolResult(
                        message.getToolResult().getCallId(),
                        message.getToolResult().getTool(),
                        message.getToolResult().getOutput(),
                        message.getToolResult().getError());
            case MESSAGE_NOT_SET ->
                throw new IllegalArgumentException(
                        "messages: one is of no kind that is known here: was it sent by a newer Tagma?");
        };
    }
}
