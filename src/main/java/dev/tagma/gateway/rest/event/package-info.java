/**
 * What happens to missions, as server-sent events. A channel looks at a mission, and a feed at all changes, once for all their listeners; a
 * teller tells each listener the difference between what it was told and what is there now. So a listener that was away, that is slow
 * or that comes from another replica hears the same.
 */
package dev.tagma.gateway.rest.event;
