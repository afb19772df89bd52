package dev.tagma.gateway.rest.event;

import dev.tagma.gateway.rest.event.Channels.Seat;
import dev.tagma.gateway.rest.event.EventStream.Outlet;
import dev.tagma.gateway.rest.event.LiveReply.Heard;
import dev.tagma.gateway.rest.event.LiveReply.Piece;
import dev.tagma.gateway.rest.event.MissionChannel.View;
import dev.tagma.gateway.rest.event.MissionEvent.End;
import dev.tagma.gateway.rest.event.MissionEvent.StepCommitted;
import dev.tagma.gateway.rest.event.MissionEvent.Type;
import dev.tagma.rounds.Bell;
import java.util.List;

/** Tells one listener what happens to a mission, from where it was on. */
final class MissionTeller implements EventStream.Teller, Telling.Story {
    private final Seat seat;
    private final MissionChannel channel;
    private final EventJson json;
    private final Telling telling;
    private EventId told;
    private Heard heard = Heard.NOTHING;
    private String marker = "";

    /** Null {@code from} begins now: with the mission as it is, and the steps to come. */
    MissionTeller(Seat seat, EventJson json, Telling telling, EventId from) {
        this.seat = seat;
        this.channel = seat.channel();
        this.json = json;
        this.telling = telling;
        this.told = from;
    }

    @Override
    public Bell bell() {
        return telling.bell();
    }

    @Override
    public void close() {
        seat.leave();
    }

    @Override
    public void tell(Outlet outlet) {
        telling.tell(this, outlet);
    }

    @Override
    public void end(Outlet outlet, End end) {
        send(outlet, Type.end, json.line(end));
    }

    @Override
    public boolean news(Outlet outlet) {
        View view = channel.view();
        return view.looked() && news(view, outlet);
    }

    private boolean news(View view, Outlet outlet) {
        if (view.row() == null) {
            told = told == null ? EventId.NONE : told;
            if (view.transition() != null && !view.marker().equals(marker)) {
                marker = view.marker();
                send(outlet, Type.transition, view.transition());
            }
            return deleted(view, outlet);
        }
        begin(view);
        boolean ended = view.row().phase().terminal();
        boolean changed = view.row().version() > told.version();
        if (changed && !ended) {
            told = told.at(view.row().version());
            send(outlet, Type.transition, view.transition());
        }
        steps(view, outlet);
        if (changed && ended) {
            told = told.at(view.row().version());
            send(outlet, Type.transition, view.transition());
        }
        if (ended) {
            return true;
        }
        reply(outlet);
        return deleted(view, outlet);
    }

    /** Where this stream goes on: an id of a future that the database does not know (restored from a backup) begins anew. */
    private void begin(View view) {
        if (told == null) {
            told = new EventId(0, view.last());
        } else if (told.version() > view.row().version() || told.seq() > view.last()) {
            told = new EventId(0, Math.min(told.seq(), view.last()));
        }
    }

    private void steps(View view, Outlet outlet) {
        List<StepMark> steps;
        do {
            steps = channel.steps(view, told.seq());
            for (StepMark step : steps) {
                told = told.behind(step.seq());
                send(outlet, Type.step, json.line(new StepCommitted(step.seq(), step.kind(), step.time())));
            }
        } while (!steps.isEmpty() && told.seq() < view.last());
    }

    private void reply(Outlet outlet) {
        if (!telling.recheck().reads()) {
            seat.stopReading();
        }
        LiveReply reply = seat.reply();
        Piece piece = reply == null ? null : reply.after(heard, told.seq());
        if (piece != null) {
            heard = piece.heard();
            outlet.send(new Sent(Type.reply, null, json.line(piece.reply())));
        }
    }

    private boolean deleted(View view, Outlet outlet) {
        if (view.deleted()) {
            MissionChannel.Key key = channel.key();
            send(
                    outlet,
                    Type.deleted,
                    json.line(new MissionEvent.Deleted(
                            key.namespace(), key.name(), key.uid().toString())));
        }
        return view.deleted();
    }

    private void send(Outlet outlet, Type type, String line) {
        outlet.send(new Sent(type, told == null ? null : told.toString(), line));
    }
}
