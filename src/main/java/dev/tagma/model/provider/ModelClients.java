package dev.tagma.model.provider;

import dev.tagma.api.v1alpha1.AgentPoolSpec.PoolModel;
import dev.tagma.api.v1alpha1.Durations;
import dev.tagma.api.v1alpha1.ModelProviderSpec;
import dev.tagma.model.ModelClient;
import dev.tagma.model.ModelClient.ModelParameters;
import dev.tagma.model.ModelLink;
import dev.tagma.model.Pricing;
import dev.tagma.model.RetryPolicy;
import dev.tagma.model.Sleeper;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/**
 * The clients of all providers, built once: one per provider and model, built anew when the provider, its key or its script changes.
 * Thread-safe; all share one HTTP client.
 */
public final class ModelClients implements AutoCloseable {
    /** The timeout of a call where the provider sets none. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final Sleeper sleeper;
    private final RandomGenerator random;
    private final HttpClient http;
    private final ProviderHttp providerHttp;
    private final Map<String, Provider> providers = new ConcurrentHashMap<>();

    /**
     * No clients yet.
     *
     * @param sleeper and {@code random} (thread-safe): for the latency and the faults of scripts
     * @param clock the wall clock, to read a Retry-After that is a date
     */
    public ModelClients(Sleeper sleeper, RandomGenerator random, InstantSource clock) {
        this.sleeper = sleeper;
        this.random = random;
        this.http = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
        this.providerHttp = new ProviderHttp(http, new ErrorReplies(clock));
    }

    /**
     * A model of a pool as part of a chain. Throws IllegalArgumentException, whose message names the field, where the provider or the
     * model cannot be used as declared.
     */
    public ModelLink link(ProviderSource source, PoolModel model) {
        Provider provider = providers.compute(
                source.name(),
                (name, known) -> known != null && known.source.equals(source) ? known : new Provider(source));
        return provider.link(model);
    }

    /** Forgets a provider that is gone. */
    public void forget(String name) {
        providers.remove(name);
    }

    /** Aborts the calls in flight. */
    @Override
    public void close() {
        http.shutdownNow();
    }

    /** One provider as it is declared now. */
    private final class Provider {
        private final ProviderSource source;
        private final ApiKey key;
        private final Script script;
        private final String endpoint;
        private final RetryPolicy retry;
        private final Pricing pricing;
        private final Duration timeout;
        private final Map<String, ModelClient> clients = new ConcurrentHashMap<>();

        Provider(ProviderSource source) {
            ModelProviderSpec spec = source.spec();
            this.source = source;
            this.key = ApiKey.of(source.key());
            this.script = spec.type() == ModelProviderSpec.Type.Scripted ? script(source) : null;
            this.endpoint = endpoint(spec);
            this.retry = RetryPolicy.of(spec.retry());
            this.pricing = Pricing.of(spec.pricing());
            this.timeout = Durations.parse("timeout", spec.timeout(), DEFAULT_TIMEOUT);
        }

        ModelLink link(PoolModel model) {
            return new ModelLink(
                    model.name(),
                    clients.computeIfAbsent(model.model(), this::client),
                    parameters(model),
                    retry,
                    pricing.price(model.model()),
                    timeout);
        }

        private ModelClient client(String model) {
            return switch (source.spec().type()) {
                case OpenAI, Ollama -> new OpenAiModel(endpoint, key, model, providerHttp);
                case Anthropic -> new AnthropicModel(endpoint, key, model, providerHttp);
                case Scripted -> new ScriptedModel(script, model, sleeper, random);
            };
        }
    }

    private static Script script(ProviderSource source) {
        if (source.script() == null) {
            throw new IllegalArgumentException("script: is missing: a Scripted provider needs script.configMapKeyRef");
        }
        return Script.parse(source.script());
    }

    static String endpoint(ModelProviderSpec spec) {
        String endpoint = spec.endpoint() != null
                ? spec.endpoint()
                : switch (spec.type()) {
                    case OpenAI -> "https://api.openai.com/v1";
                    case Anthropic -> "https://api.anthropic.com/v1";
                    case Ollama -> "http://localhost:11434/v1";
                    case Scripted -> null;
                };
        if (endpoint == null) {
            return null;
        }
        try {
            URI uri = URI.create(endpoint);
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (web && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null) {
                return endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
            }
        } catch (IllegalArgumentException e) {
            // the same answer as for another kind of URL
        }
        throw new IllegalArgumentException("endpoint: \"" + endpoint
                + "\" is no base URL: write one such as https://api.openai.com/v1, without user, query or fragment");
    }

    private static ModelParameters parameters(PoolModel model) {
        PoolModel.Parameters parameters = model.parameters();
        if (parameters == null) {
            return new ModelParameters(null, null);
        }
        try {
            Double temperature = parameters.temperature() == null ? null : Double.valueOf(parameters.temperature());
            return new ModelParameters(temperature, parameters.maxOutputTokens());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("models[" + model.name() + "].parameters.temperature: \""
                    + parameters.temperature() + "\" is no number: write one such as \"0.2\"");
        }
    }
}
