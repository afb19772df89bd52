package dev.tagma.gateway;

import dev.tagma.mission.link.GatewaySession.ToolAnswer;
import dev.tagma.mission.link.Start;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import java.util.List;

/** Makes the outside calls of tools and commits what came of them. */
public interface ToolDesk {
    ToolAnswer call(Ledger ledger, ToolCall call);

    List<ToolDefinition> definitions(Start start);
}
