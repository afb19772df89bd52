package dev.tagma.api.v1alpha1;

/** What strings of the API look like, and how long they may be. */
final class Formats {
    /** Names of pools: of them comes a Service's (RFC 1035, 63 characters) that ends in {@code -runtime}. */
    static final String POOL_NAME = "^[a-z]([-a-z0-9]{0,53}[a-z0-9])?$";

    /** Names of pools' agents and models: DNS labels. */
    static final String LABEL = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";

    /** Names of Kubernetes objects: DNS subdomains. */
    static final String OBJECT_NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    static final int OBJECT_NAME_MAX = 253;

    /** Keys of ConfigMaps and Secrets. */
    static final String KEY = "^[-._a-zA-Z0-9]+$";

    /** Names of tools, as every model provider takes them. */
    static final String TOOL_NAME = "^[a-zA-Z]([-_a-zA-Z0-9]{0,62}[a-zA-Z0-9])?$";

    /** An absolute URL without user, its host written out. */
    static final String URL = "^https?://[-._a-zA-Z0-9\\[\\]:]+([/?]\\S*)?$";

    /** A host name or address, or every name below a domain, with or without a port. */
    static final String HOST = "^(\\*\\.)?[-._a-zA-Z0-9\\[\\]:]+$";

    /** What both kinds of outside tools say of their allowedHosts. */
    static final String ALLOWED_HOSTS =
            "Private, loopback or link-local hosts, as host, host:port or *.domain, that the"
                    + " request may reach nevertheless. On a cluster the gateway's own loopback and links stay closed.";

    static final int HOST_MAX = 261;

    static final int URL_MAX = 2048;

    static final int LABEL_MAX = 63;

    /** Four parts of five digits and two letters. */
    static final int DURATION_MAX = 28;

    static final int MONEY_MAX = 19;

    private Formats() {}
}
