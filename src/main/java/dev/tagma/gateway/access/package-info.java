/** Who calls, and what they may do: as Kubernetes answers it, by TokenReview and SubjectAccessReview. */
package dev.tagma.gateway.access;
