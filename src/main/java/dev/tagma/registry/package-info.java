/** Which runtime instances live, their slots and load, and the leases that say so. */
package dev.tagma.registry;
