package dev.tagma.gateway.rest.event;

import dev.tagma.rounds.Bell;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A stream to one listener: a thread of its own tells it one event after the other, each once the one before was written. So nothing
 * waits in memory for a slow listener but where it is.
 */
final class EventStream implements Flow.Publisher<Sent> {
    private static final Logger LOG = System.getLogger(EventStream.class.getName());

    private final ThreadFactory threads;
    private final Supplier<Teller> opening;
    private final StreamCount count;

    /** {@code opening} is asked on the stream's thread once somebody listens; what it gives is closed at the end. */
    EventStream(ThreadFactory threads, Supplier<Teller> opening, StreamCount count) {
        this.threads = threads;
        this.opening = opening;
        this.count = count;
    }

    /** Tells events until there are no more. */
    interface Teller extends AutoCloseable {
        /** Tells everything; throws {@link Gone} where {@code outlet} does. */
        void tell(Outlet outlet);

        /** Wakes it where it waits. */
        Bell bell();

        @Override
        void close();
    }

    /** Where events go. */
    interface Outlet {
        /** Returns once the listener wants it; throws {@link Gone} where it is gone. */
        void send(Sent event);

        /** Whether the listener is gone. */
        boolean gone();
    }

    /** The listener is gone. */
    static final class Gone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Gone() {
            super("the listener is gone", null, false, false);
        }
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Sent> subscriber) {
        Listener listener = new Listener(subscriber);
        subscriber.onSubscribe(listener);
        threads.newThread(listener).start();
    }

    private final class Listener implements Flow.Subscription, Outlet, Runnable {
        private final Flow.Subscriber<? super Sent> subscriber;
        private final Semaphore wanted = new Semaphore(0);
        private final AtomicBoolean gone = new AtomicBoolean();
        private volatile Bell bell;

        Listener(Flow.Subscriber<? super Sent> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void run() {
            count.opened();
            try (Teller opened = opening.get()) {
                bell = opened.bell();
                opened.tell(this);
                if (!gone()) {
                    subscriber.onComplete();
                }
            } catch (Gone e) {
                LOG.log(Level.DEBUG, "a listener is gone");
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "a stream of events failed", e);
                subscriber.onError(e);
            } finally {
                count.closed();
            }
        }

        @Override
        public void request(long n) {
            // nobody asks for more than memory holds
            wanted.release((int) Math.min(n, 1 << 16));
        }

        /** Wakes, and does not interrupt: the thread may hold a connection to the database. */
        @Override
        public void cancel() {
            if (gone.compareAndSet(false, true)) {
                wanted.release();
                Bell waited = bell;
                if (waited != null) {
                    waited.ring();
                }
            }
        }

        @Override
        public void send(Sent event) {
            wanted.acquireUninterruptibly();
            if (gone()) {
                throw new Gone();
            }
            subscriber.onNext(event);
        }

        @Override
        public boolean gone() {
            return gone.get();
        }
    }
}
