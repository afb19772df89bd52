package dev.tagma.gateway.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers what a test says: for each host one answer after the other, the last one for ever. */
final class FakeResolver implements Resolver {
    private final Map<String, List<List<InetAddress>>> answers = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    /** The host's next answer; addresses are literals. */
    FakeResolver answer(String host, String... addresses) throws UnknownHostException {
        List<InetAddress> answer = new ArrayList<>();
        for (String address : addresses) {
            answer.add(InetAddress.getByName(address));
        }
        answers.computeIfAbsent(host, name -> new ArrayList<>()).add(answer);
        return this;
    }

    synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public synchronized List<InetAddress> resolve(String host) throws UnknownHostException {
        asked.add(host);
        List<List<InetAddress>> left = answers.get(host);
        if (left == null) {
            throw new UnknownHostException(host);
        }
        return left.size() == 1 ? left.getFirst() : left.removeFirst();
    }
}
