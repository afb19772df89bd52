package dev.tagma.model.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.api.v1alpha1.AgentPoolSpec.PoolModel;
import dev.tagma.api.v1alpha1.ModelProviderSpec;
import dev.tagma.api.v1alpha1.ModelProviderSpec.Type;
import dev.tagma.model.ModelClient.ModelParameters;
import dev.tagma.model.ModelLink;
import dev.tagma.model.Pricing.Price;
import dev.tagma.model.RetryPolicy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelClientsTest {
    private static final PoolModel MODEL =
            new PoolModel("primary", null, "gpt-4.1", new PoolModel.Parameters("0.2", 4_096));
    private static final String SCRIPT = "rules: [{reply: {text: hi}}]";

    private final ModelClients clients = new ModelClients(d -> {}, new Random(1), InstantSource.system());

    @AfterEach
    void close() {
        clients.close();
    }

    @Test
    void aLinkHasWhatProviderAndModelSay() {
        ModelLink link = clients.link(
                new ProviderSource(
                        "default/openai",
                        new ModelProviderSpec(
                                Type.OpenAI,
                                null,
                                null,
                                null,
                                "7s",
                                new ModelProviderSpec.Retry(1, null),
                                List.of(new ModelProviderSpec.Price("gpt-4.1", "2.00", "8.00")),
                                null),
                        "sk-1",
                        null),
                MODEL);

        assertThat(link.model()).isEqualTo("primary");
        assertThat(link.parameters()).isEqualTo(new ModelParameters(0.2, 4_096));
        assertThat(link.retry()).isEqualTo(new RetryPolicy(1, Duration.ofSeconds(1), 2, Duration.ofSeconds(10)));
        assertThat(link.price()).isEqualTo(new Price(2_000_000_000L, 8_000_000_000L));
        assertThat(link.timeout()).isEqualTo(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"OpenAI", "Ollama", "Anthropic", "Scripted"})
    void aClientIsBuiltOnceAndAnewWhenItsSourceChanges(Type type) {
        ProviderSource source = source(type, null, "key-1");
        ModelLink first = clients.link(source, MODEL);

        assertThat(clients.link(source(type, null, "key-1"), MODEL).client()).isSameAs(first.client());
        assertThat(clients.link(source(type, null, "key-2"), MODEL).client()).isNotSameAs(first.client());
        assertThat(first.timeout()).isEqualTo(ModelClients.DEFAULT_TIMEOUT);
    }

    @Test
    void modelsOfOneProviderHaveClientsOfTheirOwn() {
        ProviderSource source = source(Type.Scripted, null, null);

        assertThat(clients.link(source, MODEL).client())
                .isNotSameAs(clients.link(source, new PoolModel("backup", null, "small", null))
                        .client());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.openai.com/v1",
                "ftp://host/v1",
                "http://",
                "http://user@host/v1",
                "http://host/v1?x=1",
                "not a url"
            })
    void aWrongEndpointIsRefusedByItsField(String endpoint) {
        assertThatThrownBy(() -> clients.link(source(Type.OpenAI, endpoint, null), MODEL))
                .hasMessageStartingWith("endpoint: \"" + endpoint + "\" is no base URL");
    }

    @Test
    void aKeyThatCannotBeSentIsRefusedAndNotShown() {
        assertThatThrownBy(() -> clients.link(source(Type.OpenAI, null, "sk-1\nsk-2"), MODEL))
                .hasMessageContaining("plain ASCII on one line")
                .hasMessageNotContaining("sk-");
        assertThat(source(Type.OpenAI, null, "sk-1")).hasToString("ProviderSource[default/p]");
    }

    @Test
    void aScriptedProviderNeedsAScriptThatReads() {
        ModelProviderSpec spec = new ModelProviderSpec(Type.Scripted, null, null, null, null, null, null, null);

        assertThatThrownBy(() -> clients.link(new ProviderSource("default/p", spec, null, null), MODEL))
                .hasMessageStartingWith("script: is missing");
        assertThatThrownBy(() -> clients.link(new ProviderSource("default/p", spec, null, "rules: 1"), MODEL))
                .isInstanceOf(InvalidScriptException.class)
                .hasMessageStartingWith("script.rules: must be a list");
    }

    @Test
    void aWrongTemperatureIsRefusedByItsField() {
        PoolModel warm = new PoolModel("primary", null, "m", new PoolModel.Parameters("warm", null));

        assertThatThrownBy(() -> clients.link(source(Type.OpenAI, null, null), warm))
                .hasMessage("models[primary].parameters.temperature: \"warm\" is no number: write one such as \"0.2\"");
    }

    private static ProviderSource source(Type type, String endpoint, String key) {
        return new ProviderSource(
                "default/p", new ModelProviderSpec(type, endpoint, null, null, null, null, null, null), key, SCRIPT);
    }
}
