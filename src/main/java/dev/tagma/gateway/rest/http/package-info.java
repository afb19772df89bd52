/**
 * The edge to HTTP, whatever is asked for: who calls and how often, what a caller may do, how parameters and bodies are read, and how
 * errors look. Knows no resource.
 */
package dev.tagma.gateway.rest.http;
