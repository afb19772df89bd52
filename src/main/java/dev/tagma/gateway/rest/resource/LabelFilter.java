package dev.tagma.gateway.rest.resource;

import dev.tagma.gateway.rest.http.Parameters;
import dev.tagma.gateway.rest.http.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A label selector as kubectl writes it: {@code a=b,c!=d,e in (f,g),h notin (i),j,!k}. */
final class LabelFilter implements Predicate<Map<String, String>> {
    private static final int TERMS = 32;
    private static final int LENGTH = 2048;
    private static final String KEY =
            "[A-Za-z0-9]([-A-Za-z0-9_.]{0,251}[A-Za-z0-9])?(/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?";
    private static final String VALUE = "([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?";
    private static final Pattern TERM = Pattern.compile("\\s*(?:(?<key>" + KEY + ")\\s*(?:(?<sign>==?|!=)\\s*(?<value>"
            + VALUE + ")|\\s(?<in>in|notin)\\s*\\((?<values>[-A-Za-z0-9_., ]*)\\))?|!\\s*(?<absent>" + KEY
            + "))\\s*(?:,|$)");

    private final List<Predicate<Map<String, String>>> terms;

    private LabelFilter(List<Predicate<Map<String, String>>> terms) {
        this.terms = terms;
    }

    static LabelFilter of(String text) {
        List<Predicate<Map<String, String>>> terms = new ArrayList<>();
        Matcher matcher = TERM.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (text.length() > LENGTH || !matcher.find(at) || matcher.start() != at || terms.size() == TERMS) {
                throw ProblemException.parameter(
                        "labelSelector",
                        "a selector is terms such as team=carbon, tier in (a,b) or !legacy with commas between them, "
                                + TERMS + " at most, not " + Parameters.shown(text));
            }
            terms.add(term(matcher));
            at = matcher.end();
        }
        return new LabelFilter(terms);
    }

    private static Predicate<Map<String, String>> term(Matcher term) {
        String absent = term.group("absent");
        if (absent != null) {
            return labels -> !labels.containsKey(absent);
        }
        String key = term.group("key");
        if (term.group("sign") != null) {
            String value = term.group("value");
            boolean equal = !term.group("sign").equals("!=");
            return labels -> value.equals(labels.get(key)) == equal;
        }
        if (term.group("in") != null) {
            Set<String> values = Set.of(Pattern.compile("\\s*,\\s*")
                    .splitAsStream(term.group("values").strip())
                    .distinct()
                    .toArray(String[]::new));
            boolean in = term.group("in").equals("in");
            return labels -> labels.containsKey(key) ? values.contains(labels.get(key)) == in : !in;
        }
        return labels -> labels.containsKey(key);
    }

    @Override
    public boolean test(Map<String, String> labels) {
        return terms.stream().allMatch(term -> term.test(labels));
    }
}
