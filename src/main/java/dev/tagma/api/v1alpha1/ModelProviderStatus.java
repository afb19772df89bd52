package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** Whether a provider answers. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ModelProviderStatus(Long observedGeneration) {}
