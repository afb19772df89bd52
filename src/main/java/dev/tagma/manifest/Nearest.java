package dev.tagma.manifest;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody meant: one that a few slips of the finger away is known. */
public final class Nearest {
    /** Letters of a word among which one may be wrong. */
    private static final int LETTERS_PER_SLIP = 3;

    private Nearest() {}

    /** The known word nearest to {@code word}, without regard to case; empty where each is another word altogether. */
    public static Optional<String> to(String word, Collection<String> known) {
        String low = word.toLowerCase(Locale.ROOT);
        int slips = Math.max(1, word.length() / LETTERS_PER_SLIP);
        return known.stream()
                .filter(each -> distance(low, each.toLowerCase(Locale.ROOT)) <= slips)
                .min(Comparator.comparingInt(each -> distance(low, each.toLowerCase(Locale.ROOT))));
    }

    /** The fewest letters to insert, leave out, replace, or swap with their neighbour (optimal string alignment). */
    private static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(cost[i - 1][j - 1] + replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                boolean swapped = i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1);
                if (swapped) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[from.length()][to.length()];
    }
}
