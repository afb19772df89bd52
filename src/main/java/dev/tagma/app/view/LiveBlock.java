package dev.tagma.app.view;

import java.io.PrintStream;
import java.util.List;

/** A block of lines at the bottom of a terminal, drawn again in place, each time in one write. */
public final class LiveBlock {
    private final PrintStream terminal;
    private List<String> drawn = List.of();

    public LiveBlock(PrintStream terminal) {
        this.terminal = terminal;
    }

    /** Replaces the block. Lines that did not change are not written again. */
    public void draw(List<String> lines) {
        StringBuilder out = new StringBuilder();
        if (!drawn.isEmpty()) {
            out.append("\u001b[").append(drawn.size()).append('A');
        }
        for (int i = 0; i < lines.size(); i++) {
            if (i < drawn.size() && drawn.get(i).equals(lines.get(i))) {
                out.append('\n');
            } else {
                out.append('\r').append(lines.get(i)).append("\u001b[K\n");
            }
        }
        if (lines.size() < drawn.size()) {
            out.append("\u001b[J");
        }
        terminal.print(out);
        terminal.flush();
        drawn = List.copyOf(lines);
    }

    /** Removes the block, so that other text can take its place. */
    public void clear() {
        if (!drawn.isEmpty()) {
            terminal.print("\u001b[" + drawn.size() + "A\r\u001b[J");
            terminal.flush();
            drawn = List.of();
        }
    }
}
