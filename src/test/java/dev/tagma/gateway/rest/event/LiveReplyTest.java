package dev.tagma.gateway.rest.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.gateway.rest.event.LiveReply.Heard;
import dev.tagma.gateway.rest.event.LiveReply.Piece;
import dev.tagma.gateway.rest.event.MissionEvent.Reply;
import dev.tagma.model.ReplyListener;
import dev.tagma.rounds.Bell;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveReplyTest {
    private static final long SEQ = 7;

    private final Bell news = new Bell();
    private final LiveReply live = new LiveReply(news);
    private final Ear ear = new Ear();

    @AfterEach
    void close() {
        live.close();
    }

    @Test
    void aListenerHearsWhatIsWrittenInPieces() {
        ReplyListener model = live.begin(SEQ);
        model.wrote("Hel");
        assertThat(ear.hears()).isEqualTo(new Reply(SEQ, 0, "Hel"));
        assertThat(ear.hears()).isNull();
        model.wrote("lo");
        assertThat(ear.hears()).isEqualTo(new Reply(SEQ, 3, "lo"));
    }

    @Test
    void aSlowListenerHearsManyPiecesAsOne() {
        ReplyListener model = live.begin(SEQ);
        model.wrote("a");
        ear.hears();
        for (int i = 0; i < 100; i++) {
            model.wrote("b");
        }
        assertThat(ear.hears()).isEqualTo(new Reply(SEQ, 1, "b".repeat(100)));
    }

    @Test
    void whoJoinsInMidReplyHearsAllOfItSoFar() {
        ReplyListener model = live.begin(SEQ);
        model.wrote("Hello");
        ear.hears();
        model.wrote(", world");
        assertThat(new Ear().hears()).isEqualTo(new Reply(SEQ, 0, "Hello, world"));
    }

    @Test
    void whatAModelThatFailedHasWrittenIsWithdrawn() {
        ReplyListener model = live.begin(SEQ);
        model.wrote("Hel");
        ear.hears();
        model.restarted();
        assertThat(ear.hears()).isEqualTo(new Reply(SEQ, 0, ""));
        assertThat(ear.hears()).isNull();
        model.wrote("Good day");
        assertThat(ear.hears()).isEqualTo(new Reply(SEQ, 0, "Good day"));
    }

    @Test
    void whatTheNextModelWritesReplacesWhatTheOneBeforeWrote() {
        ReplyListener model = live.begin(SEQ);
        model.wrote("a longer beginning");
        ear.hears();
        model.restarted();
        model.wrote("short");
        assertThat(ear.hears()).isEqualTo(new Reply(SEQ, 0, "short"));
    }

    @Test
    void whoHeardNothingIsToldOfNoWithdrawal() {
        ReplyListener model = live.begin(SEQ);
        model.wrote("Hel");
        model.restarted();
        assertThat(ear.hears()).isNull();
    }

    @Test
    void aStepTakesThePlaceOfItsReply() {
        ReplyListener model = live.begin(SEQ);
        model.wrote("Hello");
        ear.known = SEQ;
        assertThat(ear.hears()).isNull();
    }

    @Test
    void aReplyThatBecameAStepIsNotWithdrawnByTheNextOne() {
        live.begin(SEQ).wrote("Hello");
        ear.hears();
        live.committed(SEQ);
        assertThat(ear.hears()).isNull();
        ear.known = SEQ;
        ReplyListener next = live.begin(SEQ + 2);
        assertThat(ear.hears()).isNull();
        next.wrote("And");
        assertThat(ear.hears()).isEqualTo(new Reply(SEQ + 2, 0, "And"));
    }

    @Test
    void whoeverWasReplacedIsNotHeardAnyMore() {
        ReplyListener zombie = live.begin(SEQ);
        zombie.wrote("old");
        ear.hears();
        ReplyListener owner = live.begin(SEQ);
        assertThat(ear.hears()).isEqualTo(new Reply(SEQ, 0, ""));
        owner.wrote("new");
        zombie.wrote(" words");
        zombie.restarted();
        assertThat(ear.hears()).isEqualTo(new Reply(SEQ, 0, "new"));
    }

    @Test
    void noMoreIsKeptThanTheMost() {
        ReplyListener model = live.begin(SEQ);
        model.wrote("x".repeat(LiveReply.MOST - 1));
        model.wrote("yz");
        model.wrote("more");
        assertThat(ear.hears().text()).hasSize(LiveReply.MOST).endsWith("xy");
        assertThat(ear.hears()).isNull();
    }

    @Test
    void halfACharacterWaitsForItsOtherHalf() {
        ReplyListener model = live.begin(SEQ);
        model.wrote("a\ud83d");
        assertThat(ear.hears()).isEqualTo(new Reply(SEQ, 0, "a"));
        assertThat(ear.hears()).isNull();
        model.wrote("\ude00");
        assertThat(ear.hears()).isEqualTo(new Reply(SEQ, 1, "\ud83d\ude00"));
    }

    @Test
    void whatIsWrittenWakesTheListeners() {
        long seen = news.rings();
        ReplyListener model = live.begin(SEQ);
        await().atMost(Duration.ofSeconds(30)).until(() -> news.rings() > seen);
        long begun = news.rings();
        model.wrote("Hello");
        await().atMost(Duration.ofSeconds(30)).until(() -> news.rings() > begun);
    }

    @Test
    void modelsAreHeardForAsLongAsSomebodyListens() {
        LiveReplies replies = new LiveReplies();
        UUID run = UUID.randomUUID();
        assertThat(replies.listener(run, SEQ)).isSameAs(ReplyListener.NOBODY);
        replies.hear(run, live);
        replies.listener(run, SEQ).wrote("Hello");
        assertThat(ear.hears()).isEqualTo(new Reply(SEQ, 0, "Hello"));
        assertThat(replies.listener(UUID.randomUUID(), SEQ)).isSameAs(ReplyListener.NOBODY);
        replies.leave(run, live);
        assertThat(replies.listener(run, SEQ)).isSameAs(ReplyListener.NOBODY);
    }

    @Test
    void aListenerThatLeavesLateTakesNobodyElsesPlace() {
        LiveReplies replies = new LiveReplies();
        UUID run = UUID.randomUUID();
        try (LiveReply later = new LiveReply(new Bell())) {
            replies.hear(run, live);
            replies.hear(run, later);
            replies.leave(run, live);
            replies.listener(run, SEQ).wrote("Hello");
            assertThat(later.after(Heard.NOTHING, 0).reply()).isEqualTo(new Reply(SEQ, 0, "Hello"));
        }
    }

    private final class Ear {
        private Heard heard = Heard.NOTHING;
        private long known = SEQ - 1;

        Reply hears() {
            Piece piece = live.after(heard, known);
            if (piece == null) {
                return null;
            }
            heard = piece.heard();
            return piece.reply();
        }
    }
}
