/** The gateway's door for runtime pods: who comes in, the calls of {@code runtime.proto}, and what is told to each runtime. */
package dev.tagma.gateway.grpc;
