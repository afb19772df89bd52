package dev.tagma.gateway.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlTemplateTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            https://a.test/items/{id}     | {"id": "a b/c?d#e"}   | https://a.test/items/a%20b%2Fc%3Fd%23e
            https://a.test/{id}           | {"id": 7.50}          | https://a.test/7.50
            https://a.test/q?x={x}&y=1    | {"x": "a&b=ü"}        | https://a.test/q?x=a%26b%3D%C3%BC&y=1
            http://a.test:8080/{a}-{b}    | {"a": "x", "b": true} | http://a.test:8080/x-true
            https://a.test/{id}/x         | {"id": "..x"}         | https://a.test/..x/x
            https://a.test/{id}           | {"id": "@evil.test"}  | https://a.test/%40evil.test
            https://a.test/{id}           | {"id": "\\r\\nX: y"}  | https://a.test/%0D%0AX%3A%20y
            https://a.test/q?x={x}        | {"x": ".."}           | https://a.test/q?x=..
            """)
    void argumentsArePercentEncoded(String template, String arguments, String url) throws Exception {
        assertThat(UrlTemplate.of(template).expand(read(arguments))).hasToString(url);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            https://a.test/{id}/x   | {"id": ".."}     | may not change the path
            https://a.test/{a}{b}/x | {"a":".","b":"."} | may not change the path
            https://a.test/x{a}/.{b} | {"a":"","b":"."} | argument a is empty
            https://a.test/.{b}     | {"b":"."}        | may not change the path
            https://a.test/{id}     | {}               | argument id is required
            https://a.test/{id}     | {"id": null}     | argument id is required
            https://a.test/{id}     | {"id": ["x"]}    | argument id is required
            https://a.test/{id}     | {"id": ""}       | argument id is empty
            """)
    void argumentsThatDoNotFitAreNamed(String template, String arguments, String problem) throws Exception {
        ObjectNode values = read(arguments);
        UrlTemplate parsed = UrlTemplate.of(template);
        assertThatThrownBy(() -> parsed.expand(values))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            https://{host}/x        | the host is fixed
            https://a.{tld}/x       | the host is fixed
            https://a.test:{port}/  | the host is fixed
            https://u:p@a.test/     | no user or password
            https://u@a.test/       | no user or password
            ftp://a.test/           | must begin with http
            file:///etc/passwd      | must begin with http
            //a.test/               | must begin with http
            https:///x              | must begin with http
            https://a.test/#x       | no fragment
            https://a.test/{}       | stand only around the name
            https://a.test/{a b}    | stand only around the name
            https://a.test:99999/   | is no URL
            https://a\\@b/          | must begin with http
            """)
    void aBadTemplateIsRefused(String template, String problem) {
        assertThatThrownBy(() -> UrlTemplate.of(template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    private static ObjectNode read(String json) throws java.io.IOException {
        return (ObjectNode) McpSession.JSON.readTree(json);
    }
}
