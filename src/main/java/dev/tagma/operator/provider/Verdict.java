package dev.tagma.operator.provider;

/** How a provider stands, and why, for people. */
record Verdict(ProviderReason reason, String message) {}
