package dev.tagma.e2e;

import java.util.List;

/** The nodes of e2e/cluster, by their numbers. The first holds what no scenario may kill: Postgres, and the way to Services. */
final class Nodes {
    static final List<Integer> MORTAL = List.of(2, 3);

    private Nodes() {}

    static String name(int node) {
        return "node" + node;
    }

    static int number(String name) {
        return Integer.parseInt(name.substring("node".length()));
    }

    /** SIGKILL for its kubelet, its containerd and every process of its pods, and its link down. */
    static void kill(int node) {
        cut(node);
        Suite.script("node.sh", "kill", Integer.toString(node));
    }

    /** Brings a killed one back. */
    static void start(int node) {
        Suite.script("node.sh", "up", Integer.toString(node));
        join(node);
    }

    /** Takes its link down: nothing reaches it, and it reaches nothing. */
    static void cut(int node) {
        Suite.script("network.sh", "cut", Integer.toString(node));
    }

    static void join(int node) {
        Suite.script("network.sh", "join", Integer.toString(node));
    }
}
