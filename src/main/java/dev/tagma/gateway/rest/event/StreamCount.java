package dev.tagma.gateway.rest.event;

/** Counts a listener's stream while it lasts. */
interface StreamCount {
    void opened();

    void closed();
}
