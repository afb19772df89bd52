/**
 * What people and their programs talk to: missions as resources over HTTP, their transcripts, and their progress as a stream of events.
 * Answers in the gateway's process alone. Nothing here has an identity of its own: each call is authorised for its caller.
 *
 * <p>This room puts the others together and opens them. {@code http} is how any request comes in and any answer goes out;
 * {@code resource} is what is listed, read and written; {@code event} is what is told while it happens, and uses what {@code resource}
 * finds. {@code http} knows neither.
 *
 * <p>All resources share one root path: by the standard's rules a class is chosen by its root before its methods are looked at, so that
 * a longer root would hide what other classes have below it.
 */
package dev.tagma.gateway.rest;
