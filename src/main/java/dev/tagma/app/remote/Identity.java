package dev.tagma.app.remote;

/** Who speaks to a gateway. */
interface Identity {
    /** The bearer token to show. Throws {@link dev.tagma.app.fleet.FleetException} where there is none, with what to do. */
    String token();

    /** The gateway did not take the last token: the next one is a new one, where there can be one. */
    void renew();
}
