package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** What a mission did. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MissionStatus(String phase, Long observedGeneration) {}
