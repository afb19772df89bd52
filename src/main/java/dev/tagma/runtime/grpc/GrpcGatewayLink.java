package dev.tagma.runtime.grpc;

import dev.tagma.agent.AlarmClock;
import dev.tagma.mission.link.GatewayLink;
import dev.tagma.mission.link.GatewaySession;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.link.RuntimeInbox;
import java.util.random.RandomGenerator;

/** Dials a gateway over gRPC. */
public final class GrpcGatewayLink implements GatewayLink, AutoCloseable {
    private final Redial.Parts parts;

    /** {@code clock} spaces attempts to reconnect, which {@code random} spreads. */
    public GrpcGatewayLink(GrpcLinkSettings settings, AlarmClock clock, RandomGenerator random) {
        this.parts = new Redial.Parts(
                new Channels(settings, random), new BearerToken(settings.tokenFile()), settings, clock, random);
    }

    @Override
    public GatewaySession open(Hello hello, RuntimeInbox inbox) {
        return new GrpcSession(new Redial(parts, hello, inbox), parts.token(), parts.settings());
    }

    /** Ends what sessions left behind. To be closed after its runtimes. */
    @Override
    public void close() {
        parts.channels().close();
    }
}
