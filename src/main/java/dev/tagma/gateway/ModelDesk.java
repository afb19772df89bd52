package dev.tagma.gateway;

import dev.tagma.mission.link.GatewaySession.ModelAnswer;
import dev.tagma.mission.link.GatewaySession.ModelAsk;

/** Makes the model calls and commits their replies. */
public interface ModelDesk {
    ModelAnswer call(Ledger ledger, ModelAsk ask);
}
