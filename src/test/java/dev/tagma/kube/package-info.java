/** A real control plane for tests: etcd, kube-apiserver, kube-controller-manager and kubectl, on loopback. */
package dev.tagma.kube;
