package dev.tagma.gateway.rest.event;

import dev.tagma.gateway.rest.event.ChangeFeed.Change;
import dev.tagma.gateway.rest.event.ChangeFeed.View;
import dev.tagma.gateway.rest.event.EventStream.Outlet;
import dev.tagma.gateway.rest.event.MissionEvent.End;
import dev.tagma.gateway.rest.event.MissionEvent.Type;
import dev.tagma.rounds.Bell;
import java.util.List;

/** Tells one listener the transitions of a namespace's missions, from where it was on. */
final class NamespaceTeller implements EventStream.Teller, Telling.Story {
    private final ChangeFeed feed;
    private final String namespace;
    private final EventJson json;
    private final Telling telling;
    private final Runnable leave;
    private long told;

    /** Negative {@code from} begins now. */
    NamespaceTeller(ChangeFeed feed, String namespace, EventJson json, Telling telling, long from, Runnable leave) {
        this.feed = feed;
        this.namespace = namespace;
        this.json = json;
        this.telling = telling;
        this.told = from;
        this.leave = leave;
    }

    @Override
    public Bell bell() {
        return telling.bell();
    }

    @Override
    public void close() {
        leave.run();
    }

    @Override
    public void tell(Outlet outlet) {
        telling.tell(this, outlet);
    }

    @Override
    public void end(Outlet outlet, End end) {
        send(outlet, Type.end, told, json.line(end));
    }

    @Override
    public boolean news(Outlet outlet) {
        View view = feed.view();
        if (view.looked()) {
            news(view, outlet);
        }
        return false;
    }

    private void news(View view, Outlet outlet) {
        // an id of a future that the database does not know (restored from a backup) begins now
        told = told < 0 || told > view.version() ? view.version() : told;
        while (told < view.version()) {
            List<Change> changes = feed.changes(view, told);
            for (int i = 0; i < changes.size(); i++) {
                Change change = changes.get(i);
                // what one transaction changed has one version: only behind the last of it may a listener go on from
                // there
                boolean last = i + 1 == changes.size() || changes.get(i + 1).version() > change.version();
                told = last ? change.version() : change.version() - 1;
                if (change.namespace().equals(namespace)) {
                    send(outlet, Type.transition, told, change.transition());
                }
            }
            if (changes.isEmpty()) {
                told = view.version();
            }
        }
    }

    private static void send(Outlet outlet, Type type, long id, String line) {
        outlet.send(new Sent(type, id < 0 ? null : Long.toString(id), line));
    }
}
