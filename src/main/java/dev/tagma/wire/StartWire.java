package dev.tagma.wire;

import com.google.protobuf.ByteString;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.SpecCodec;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepLog.Tail;
import dev.tagma.mission.link.Start;
import java.time.Duration;
import java.util.List;

/** Starts and the pool revisions that they refer to on the wire. */
public final class StartWire {
    private StartWire() {}

    /** The start's message, which names its revision by number alone. */
    public static dev.tagma.wire.v1alpha1.Start encode(Start start) {
        dev.tagma.wire.v1alpha1.Start.Builder message = dev.tagma.wire.v1alpha1.Start.newBuilder()
                .setClaim(StepWire.encode(start.claim()))
                .setName(start.name())
                .setSpec(ByteString.copyFrom(SpecCodec.encode(start.spec())))
                .setRevision(start.pool().revision())
                .setHead(StepWire.encode(start.head()))
                .setUsage(StepWire.encode(start.tail().usage()))
                .setTimeLeftMillis(start.timeLeft().toMillis())
                .setAttempts(start.attempts());
        start.tail().steps().forEach(step -> message.addTail(StepWire.encode(step)));
        if (start.tail().plan() != null) {
            message.setPlan(StepWire.encode(start.tail().plan()));
        }
        return message.build();
    }

    /** The start in the message, of a mission that pins {@code pool}. */
    public static Start decode(dev.tagma.wire.v1alpha1.Start start, PoolRevision pool) {
        List<Step> steps = start.getTailList().stream().map(StepWire::decode).toList();
        Step plan = start.hasPlan() ? StepWire.decode(start.getPlan()) : null;
        return new Start(
                StepWire.decode(start.getClaim()),
                start.getName(),
                SpecCodec.mission(start.getSpec().toByteArray()),
                pool,
                StepWire.decode(start.getHead()),
                new Tail(steps, plan, StepWire.decode(start.getUsage())),
                Duration.ofMillis(start.getTimeLeftMillis()),
                start.getAttempts());
    }

    /** The revision's message. */
    public static dev.tagma.wire.v1alpha1.PoolRevision encode(PoolRevision pool) {
        return dev.tagma.wire.v1alpha1.PoolRevision.newBuilder()
                .setPool(pool.pool().toString())
                .setRevision(pool.revision())
                .setNamespace(pool.namespace())
                .setName(pool.name())
                .setSpec(ByteString.copyFrom(SpecCodec.encode(pool.spec())))
                .putAllContent(pool.content())
                .build();
    }

    /** The revision in the message. */
    public static PoolRevision decode(dev.tagma.wire.v1alpha1.PoolRevision pool) {
        return new PoolRevision(
                StepWire.uuid("revision.pool", pool.getPool()),
                pool.getRevision(),
                pool.getNamespace(),
                pool.getName(),
                SpecCodec.pool(pool.getSpec().toByteArray()),
                pool.getContentMap());
    }
}
