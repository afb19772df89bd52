/**
 * Tagma as its users have it, on a cluster with kubelets: installed with Helm as README.md says, used with kubectl, and disturbed by
 * everything that disturbs a cluster. {@code make e2e} runs it.
 */
package dev.tagma.e2e;
