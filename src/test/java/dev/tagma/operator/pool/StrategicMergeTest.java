package dev.tagma.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class StrategicMergeTest {
    private static ObjectNode json(String yaml) {
        return (ObjectNode) PoolSamples.yaml(yaml);
    }

    private static void merges(String base, String over, String result) {
        ObjectNode first = json(base);
        ObjectNode second = json(over);
        assertThat(StrategicMerge.merge(first, second)).isEqualTo(json(result));
        assertThat(first).as("the base").isEqualTo(json(base));
        assertThat(second).as("what is laid over it").isEqualTo(json(over));
    }

    @Test
    void objectsMergeAndValuesAreReplaced() {
        merges("{a: {b: 1, c: 2}, d: x}", "{a: {c: 3, e: 4}}", "{a: {b: 1, c: 3, e: 4}, d: x}");
    }

    @Test
    void nullRemoves() {
        merges("{a: {b: 1, c: 2}}", "{a: {b: null}, z: null}", "{a: {c: 2}}");
    }

    @Test
    void nullInWhatIsNewIsLeftOut() {
        merges("{}", "{a: {b: null, c: 1}}", "{a: {c: 1}}");
    }

    @Test
    void keyedListsMergeByTheirKey() {
        merges(
                "{containers: [{name: a, env: [{name: X, value: '1'}]}, {name: b}]}",
                "{containers: [{name: a, image: i, env: [{name: Y, value: '2'}, {name: X, value: '3'}]}, {name: c}]}",
                "{containers: [{name: a, image: i, env: [{name: X, value: '3'}, {name: Y, value: '2'}]}, {name: b}, {name: c}]}");
    }

    @Test
    void keysMayBeNumbers() {
        merges(
                "{ports: [{containerPort: 8080, name: http}]}",
                "{ports: [{containerPort: 8080, protocol: TCP}, {containerPort: 9090}]}",
                "{ports: [{containerPort: 8080, name: http, protocol: TCP}, {containerPort: 9090}]}");
    }

    @Test
    void mountsMergeByTheirPath() {
        merges(
                "{volumeMounts: [{mountPath: /tmp, name: tmp}]}",
                "{volumeMounts: [{mountPath: /tmp, name: other}]}",
                "{volumeMounts: [{mountPath: /tmp, name: other}]}");
    }

    @Test
    void otherListsAreReplaced() {
        merges(
                "{args: [a, b], tolerations: [{key: x}]}",
                "{args: [c], tolerations: []}",
                "{args: [c], tolerations: []}");
    }

    @Test
    void anItemWithoutItsKeyIsAdded() {
        merges("{containers: [{name: a}]}", "{containers: [{image: i}]}", "{containers: [{name: a}, {image: i}]}");
    }

    @Test
    void aValueOfAnotherTypeReplaces() {
        merges("{a: {b: 1}, c: 1}", "{a: 2, c: {d: 1}}", "{a: 2, c: {d: 1}}");
    }
}
