package dev.tagma.model;

import dev.tagma.mission.step.StepContent.ModelReply.Stop;
import dev.tagma.model.ModelException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A model that fails as told and then replies; each attempt takes a second of the fake time. */
final class FakeModel implements ModelClient {
    static final Duration TAKES = Duration.ofSeconds(1);

    private final FakeTime time;
    private final ModelException failure;
    private final int failures;
    private final ModelReply reply;
    private final List<ModelRequest> requests = new ArrayList<>();

    private FakeModel(FakeTime time, ModelException failure, int failures, ModelReply reply) {
        this.time = time;
        this.failure = failure;
        this.failures = failures;
        this.reply = reply;
    }

    static FakeModel replying(FakeTime time, String text) {
        return new FakeModel(time, null, 0, new ModelReply(text, List.of(), 100, 10, Stop.Answer));
    }

    static FakeModel refusing(FakeTime time) {
        return new FakeModel(time, null, 0, new ModelReply("", List.of(), 100, 10, Stop.Refused));
    }

    static FakeModel failing(FakeTime time, Kind kind) {
        return failing(time, kind, null, Integer.MAX_VALUE);
    }

    static FakeModel failing(FakeTime time, Kind kind, Duration retryAfter, int failures) {
        return new FakeModel(
                time, new ModelException(kind, "no luck", retryAfter, null), failures, replying(time, "at last").reply);
    }

    @Override
    public ModelReply chat(ModelRequest request) throws ModelException {
        requests.add(request);
        time.pass(TAKES);
        if (requests.size() <= failures) {
            throw failure;
        }
        return reply;
    }

    List<ModelRequest> requests() {
        return requests;
    }
}
