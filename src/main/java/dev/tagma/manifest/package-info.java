/** Reading manifests and checking them as the API server would: the CRDs' own schema, defaults and CEL rules, with file and line. */
package dev.tagma.manifest;
