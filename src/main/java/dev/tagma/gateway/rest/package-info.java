/**
 * What people and their programs talk to: missions as resources over HTTP, their transcripts, and their progress as a stream of events.
 * Answers in the gateway's process alone. Nothing here has an identity of its own: each call is authorised for its caller.
 */
package dev.tagma.gateway.rest;
