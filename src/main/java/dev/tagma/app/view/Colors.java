package dev.tagma.app.view;

import dev.tagma.mission.Phase;

/** Colours of a terminal, or none. */
public enum Colors {
    Ansi,
    None;

    private static final String RESET = "\u001b[0m";

    /** The text in the colour of the phase. */
    public String phase(Phase phase, String text) {
        return switch (phase) {
            case Succeeded -> paint("32", text);
            case Failed -> paint("31", text);
            case Cancelled, Waiting -> paint("33", text);
            case Running -> paint("36", text);
            case Pending, Queued -> dim(text);
        };
    }

    /** The text in the background. */
    public String dim(String text) {
        return paint("2", text);
    }

    /** The text as a heading. */
    public String bold(String text) {
        return paint("1", text);
    }

    private String paint(String code, String text) {
        return switch (this) {
            case Ansi -> "\u001b[" + code + "m" + text + RESET;
            case None -> text;
        };
    }
}
