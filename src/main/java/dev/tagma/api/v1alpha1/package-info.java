/** The custom resource types of group tagma.dev, version v1alpha1: the contract with users. Defaults, bounds and CEL rules stand on the fields. */
package dev.tagma.api.v1alpha1;
