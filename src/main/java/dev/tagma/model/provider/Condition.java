package dev.tagma.model.provider;

import java.util.regex.Pattern;

/**
 * When a rule applies: everything that it names must hold.
 *
 * @param model the provider's name of the model asked, or null
 * @param goal found in the goal, or null
 * @param last found in the last message, or null
 * @param anywhere found in some message, or null
 * @param turns how many replies came before, or null
 * @param afterTool the last messages hold a result of this tool, or null
 * @param toolFailed whether one of the last results is an error, or null
 * @param hasTools whether the caller offers tools, or null
 */
record Condition(
        String model,
        Text goal,
        Text last,
        Text anywhere,
        Turns turns,
        String afterTool,
        Boolean toolFailed,
        Boolean hasTools) {

    boolean holds(Conversation conversation) {
        return (model == null || model.equals(conversation.model()))
                && (turns == null || turns.contains(conversation.turn()))
                && (hasTools == null || hasTools == conversation.hasTools())
                && (afterTool == null || conversation.lastResultsOf(afterTool))
                && (toolFailed == null || toolFailed == conversation.lastResultsFailed())
                && (goal == null || goal.in(conversation.goal()))
                && (last == null || last.in(conversation.last()))
                && (anywhere == null || conversation.texts().anyMatch(anywhere::in));
    }

    /** A text to find: {@code plain}, or {@code pattern} where that is not null. */
    record Text(String plain, Pattern pattern) {
        boolean in(String text) {
            return pattern == null
                    ? text.contains(plain)
                    : pattern.matcher(text).find();
        }
    }

    /** A range of turns, both ends included. */
    record Turns(int from, int to) {
        boolean contains(int turn) {
            return turn >= from && turn <= to;
        }
    }
}
