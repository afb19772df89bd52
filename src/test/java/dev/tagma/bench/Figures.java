package dev.tagma.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table that a benchmark prints: a figure, its goal where there is one, and what it is compared with. */
final class Figures {
    private final List<String> rows = new ArrayList<>();

    Figures() {
        rows.add("| figure | measured | goal or peer |");
        rows.add("| --- | --- | --- |");
    }

    void add(String figure, String measured, String peer) {
        String row = "| " + figure + " | " + measured + " | " + peer + " |";
        rows.add(row);
        System.out.println(row);
    }

    static String rate(double perSecond) {
        return String.format(Locale.ROOT, "%,.0f/s", perSecond);
    }

    static String millis(double nanos) {
        return String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
    }

    static String ratio(double value, double of) {
        return String.format(Locale.ROOT, "%.2fx", value / of);
    }

    /** The value that so many percent of the sorted ones do not exceed. */
    static long percentile(long[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }

    String table() {
        return String.join("\n", rows);
    }
}
