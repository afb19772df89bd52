package dev.tagma.gateway.rest;

/** Counts a listener's stream while it lasts. */
interface StreamCount {
    void opened();

    void closed();
}
