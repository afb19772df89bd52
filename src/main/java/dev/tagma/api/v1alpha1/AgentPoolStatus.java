package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** How a pool is served. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AgentPoolStatus(Integer replicas, String selector, Long observedGeneration) {}
