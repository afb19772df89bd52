package dev.tagma.api.v1alpha1;

/** A key of a ConfigMap or Secret in the object's own namespace. */
public record KeyRef(String name, String key) {}
