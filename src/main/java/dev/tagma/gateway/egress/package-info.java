/**
 * The only way out: every call of a tool outside the pod is made here. {@link dev.tagma.gateway.egress.HttpEgress} resolves a host
 * once, checks every address and connects to that very address; {@link dev.tagma.gateway.egress.OutsideTools} makes the calls of http
 * and mcp tools over it. Secrets come from the pool's own namespace and never show in outputs or errors.
 */
package dev.tagma.gateway.egress;
