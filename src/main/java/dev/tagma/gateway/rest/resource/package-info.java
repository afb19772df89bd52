/**
 * Missions, their steps, pools and providers: listed, read and written. A resource class is the table of its paths and what the document
 * says of them; the desk behind it does the work. Missions are listed from a watch of this replica's own, everything else is asked of
 * the API server or the store when it is asked for.
 */
package dev.tagma.gateway.rest.resource;
