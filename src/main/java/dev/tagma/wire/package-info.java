/**
 * What gateways and runtimes say to each other over gRPC: the generated messages of {@code runtime.proto} (package {@code v1alpha1}), and
 * the way from them to the records of {@link dev.tagma.mission.link} and back. What cannot be understood is an IllegalArgumentException
 * that names the field.
 */
package dev.tagma.wire;
