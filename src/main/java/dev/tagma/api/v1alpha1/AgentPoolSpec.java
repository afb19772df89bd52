package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;

/** Agents of one kind of work, their models and tools, and how many runtimes serve them. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("Agents, models, tools and runtimes of the pool.")
@SchemaCustomizer(value = SchemaTouch.class, input = """
                models map=name min=1 max=32
                agents map=name min=1 max=64
                tools map=name max=128
                """)
@ValidationRule(
        value =
                "self.agents.all(a, !has(a.tools) || a.tools.all(t, has(self.tools) && self.tools.exists(x, x.name == t)))",
        messageExpression = "'tool \"' + self.agents.filter(a, has(a.tools) && a.tools.exists(t,"
                + " !has(self.tools) || !self.tools.exists(x, x.name == t)))[0].tools.filter(t,"
                + " !has(self.tools) || !self.tools.exists(x, x.name == t))[0] + '\" is not declared in spec.tools'",
        message = "every tool of an agent must be declared in spec.tools",
        fieldPath = ".agents")
@ValidationRule(
        value = "self.agents.all(a, a.models.all(m, self.models.exists(x, x.name == m)))",
        messageExpression = "'model \"' + self.agents.filter(a, a.models.exists(m,"
                + " !self.models.exists(x, x.name == m)))[0].models.filter(m,"
                + " !self.models.exists(x, x.name == m))[0] + '\" is not declared in spec.models'",
        message = "every model of an agent must be declared in spec.models",
        fieldPath = ".agents")
@ValidationRule(
        value = "!has(self.missionDefaults) || !has(self.missionDefaults.timeout) || !has(self.missionLimits)"
                + " || !has(self.missionLimits.timeout)"
                + " || duration(self.missionDefaults.timeout) <= duration(self.missionLimits.timeout)",
        message = "timeout (5m where not set) must not be longer than missionLimits.timeout",
        fieldPath = ".missionDefaults.timeout")
public record AgentPoolSpec(
        @JsonPropertyDescription("Whose missions may use the pool.") @Default("{\"from\":\"Same\"}")
        AllowedNamespaces allowedNamespaces,

        @JsonPropertyDescription("Models that the agents name, each one model of a ModelProvider.") @Required
        List<PoolModel> models,

        @JsonPropertyDescription("The agents; a mission names one, or leaves it out where there is one.") @Required
        List<Agent> agents,

        @JsonPropertyDescription("Tools that the agents name.")
        List<Tool> tools,

        @JsonPropertyDescription("Runtimes that serve the pool; 0 lets its missions wait.")
        @Default("1")
        @Min(0)
        @Max(1000)
        @SpecReplicas
        Integer replicas,

        @JsonPropertyDescription("The runtimes.") @Default("{\"missionsPerPod\":50}")
        PoolRuntime runtime,

        @JsonPropertyDescription("What missions get that do not say.") @Default("{\"timeout\":\"5m\"}")
        MissionDefaults missionDefaults,

        @JsonPropertyDescription("The most that a mission may ask for; also the budget of a mission that sets none.")
        @Default("{\"timeout\":\"60m\",\"tokens\":1000000,\"cost\":\"5\",\"priority\":50}")
        MissionLimits missionLimits,

        @JsonPropertyDescription("The queue of missions that wait for a runtime.") @Default("{\"maxPending\":10000}")
        PoolQueue queue) {
    /** Most missions that wait for a runtime where the pool does not say. */
    public static final int DEFAULT_MAX_PENDING = 10_000;

    /** A model that agents name: a provider, its model and the parameters of each call. */
    public record PoolModel(
            @JsonPropertyDescription("Name that agents use.")
            @Required
            @Size(min = 1, max = Formats.LABEL_MAX)
            @Pattern(Formats.LABEL)
            String name,

            @JsonPropertyDescription("The ModelProvider that serves it.") @Required
            ProviderRef providerRef,

            @JsonPropertyDescription("The model, as the provider calls it.") @Required @Size(min = 1, max = 253)
            String model,

            @JsonPropertyDescription("Parameters of each call. Not set: the provider's own.")
            Parameters parameters) {
        /** A ModelProvider; its namespace defaults to the pool's. */
        public record ProviderRef(
                @JsonPropertyDescription("Name of the ModelProvider.")
                @Required
                @Size(min = 1, max = Formats.OBJECT_NAME_MAX)
                @Pattern(Formats.OBJECT_NAME)
                String name,

                @JsonPropertyDescription("Namespace of the ModelProvider. Not set: the pool's own.")
                @Size(min = 1, max = Formats.LABEL_MAX)
                @Pattern(Formats.LABEL)
                String namespace) {}

        /** Parameters of each call. */
        public record Parameters(
                @JsonPropertyDescription("Sampling temperature from \"0\" to \"2\", as a decimal string.")
                @Size(max = 5)
                @Pattern("^([01](\\.[0-9]{1,3})?|2(\\.0{1,3})?)$")
                String temperature,

                @JsonPropertyDescription("Most tokens of one reply.") @Min(1) @Max(1_000_000)
                Integer maxOutputTokens) {}
    }

    /** An agent: instructions, the failover chain of models in order, and tools. */
    @SchemaCustomizer(value = SchemaTouch.class, input = """
                capabilities set max=32
                models atomic min=1 max=8
                tools set max=32
                """)
    @ValidationRule(
            value = "has(self.instructions) != has(self.instructionsFrom)",
            message = "exactly one of instructions and instructionsFrom is required")
    public record Agent(
            @JsonPropertyDescription("Name that missions use.")
            @Required
            @Size(min = 1, max = Formats.LABEL_MAX)
            @Pattern(Formats.LABEL)
            String name,

            @JsonPropertyDescription("What the agent does, for people.") @Size(max = 1024)
            String description,

            @JsonPropertyDescription("Semantic version of the agent, for people.")
            @Size(max = 64)
            @Pattern("^[0-9]+\\.[0-9]+\\.[0-9]+([-+][-+.0-9A-Za-z]+)?$")
            String version,

            @JsonPropertyDescription("What the agent can do, for people: dotted words such as carbon.scope3.")
            List<@Size(min = 1, max = Formats.LABEL_MAX) @Pattern("^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$") String>
                    capabilities,

            @JsonPropertyDescription("The system prompt; at most 32 KiB.") @Size(min = 1, max = 32_768)
            String instructions,

            @JsonPropertyDescription("The system prompt, kept elsewhere; instead of instructions.")
            InstructionsSource instructionsFrom,

            @JsonPropertyDescription(
                    "Models of the pool in the order in which they are tried: the first that answers serves.")
            @Required
            List<@Size(min = 1, max = Formats.LABEL_MAX) @Pattern(Formats.LABEL) String> models,

            @JsonPropertyDescription("Tools of the pool that the agent may call.")
            List<@Size(min = 1, max = 64) @Pattern(Formats.TOOL_NAME) String> tools) {
        /** Instructions kept elsewhere. */
        public record InstructionsSource(
                @JsonPropertyDescription("Key of a ConfigMap.") @Required
                KeyRef configMapKeyRef) {}
    }

    /** A tool: exactly one of builtin, http, mcp, formula, lookup. */
    @SchemaCustomizer(value = SchemaTouch.class, input = "parameters any maxProperties=64")
    @ValidationRule(
            value = "[has(self.builtin), has(self.http), has(self.mcp), has(self.formula), has(self.lookup)]"
                    + ".filter(x, x).size() == 1",
            message = "exactly one of builtin, http, mcp, formula and lookup is required")
    @ValidationRule(
            value = "has(self.http) || has(self.mcp) || !has(self.parameters)",
            message = "parameters are for http and mcp: the other tools know theirs",
            fieldPath = ".parameters")
    @ValidationRule(
            value = "has(self.http) || has(self.mcp) || !has(self.sideEffects)",
            message = "sideEffects are for http and mcp: the other tools have none",
            fieldPath = ".sideEffects")
    @ValidationRule(
            value = "has(self.http) || has(self.mcp) || !has(self.onUnknownOutcome)",
            message = "onUnknownOutcome is for http and mcp: the other tools have no outcome to lose",
            fieldPath = ".onUnknownOutcome")
    @ValidationRule(
            value = "!has(self.timeout) || duration(self.timeout) >= duration('1s')",
            message = "must be at least 1s",
            fieldPath = ".timeout")
    public record Tool(
            @JsonPropertyDescription("Name that agents use and models see.")
            @Required
            @Size(min = 1, max = 64)
            @Pattern(Formats.TOOL_NAME)
            String name,

            @JsonPropertyDescription("What the tool does, for the model.") @Size(max = 4096)
            String description,

            @JsonPropertyDescription(
                    "JSON Schema of the arguments, for http and mcp. Not set: what the MCP server says, or the"
                            + " names in the URL.")
            JsonNode parameters,

            @JsonPropertyDescription(
                    "Calculator: exact decimals and functions. Plan: the todo list that the model keeps.")
            @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            Builtin builtin,

            @JsonPropertyDescription("An HTTP request, made by the gateway.")
            Http http,

            @JsonPropertyDescription("A tool of an MCP server over streamable HTTP.")
            Mcp mcp,

            @JsonPropertyDescription("A declared expression over named numbers.")
            Formula formula,

            @JsonPropertyDescription("A table to look rows up in.")
            Lookup lookup,

            @JsonPropertyDescription("What a second call would do to the world. Not set: None for GET and HEAD, else"
                    + " NonIdempotent, which never starts twice.")
            @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            SideEffects sideEffects,

            @JsonPropertyDescription(
                    "What follows where a crash leaves it open whether a NonIdempotent call happened. Report,"
                            + " the default: the model is told. Wait: the mission waits for a person.")
            @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            OnUnknownOutcome onUnknownOutcome,

            @JsonPropertyDescription("Longest time of one call; cut to what the mission has left.")
            @Default("60s")
            @Size(max = Formats.DURATION_MAX)
            @Pattern(Durations.PATTERN)
            String timeout) {
        /** Tools that come with Tagma. */
        public enum Builtin {
            Calculator,
            Plan
        }

        /** What a second call of the same tool would do to the world. */
        public enum SideEffects {
            None,
            Idempotent,
            NonIdempotent
        }

        /** What follows when a crash leaves it open whether a non-idempotent call happened. */
        public enum OnUnknownOutcome {
            Report,
            Wait
        }

        /**
         * An HTTP request made by the gateway. {@code {argument}} in the URL is replaced, percent-encoded; the other arguments go
         * into the query (GET, HEAD, DELETE) or a JSON body.
         */
        @SchemaCustomizer(value = SchemaTouch.class, input = """
                headers map=name max=16
                allowedHosts set max=16
                """)
        public record Http(
                @JsonPropertyDescription(
                        "Where the request goes. {argument} after the host is replaced by the argument of that"
                                + " name; the other arguments go into the query or, with POST, PUT and PATCH, a JSON body.")
                @Required
                @Size(min = 1, max = Formats.URL_MAX)
                @Pattern(Formats.URL)
                String url,

                @JsonPropertyDescription("The HTTP method.")
                @Default("GET")
                @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
                Method method,

                @JsonPropertyDescription("Headers of each request.")
                List<Header> headers,

                @JsonPropertyDescription(Formats.ALLOWED_HOSTS)
                List<@Size(min = 1, max = Formats.HOST_MAX) @Pattern(Formats.HOST) String> allowedHosts) {
            /** HTTP methods. */
            public enum Method {
                GET,
                HEAD,
                POST,
                PUT,
                PATCH,
                DELETE
            }
        }

        /** One header of a request: a literal or a secret's value. */
        @ValidationRule(
                value = "has(self.value) != has(self.valueFrom)",
                message = "exactly one of value and valueFrom is required")
        public record Header(
                @JsonPropertyDescription("Name of the header.")
                @Required
                @Size(min = 1, max = 128)
                @Pattern("^[-!#$%&'*+.^_`|~0-9A-Za-z]+$")
                String name,

                @JsonPropertyDescription("Its value, where it is no secret.")
                @Size(max = 4096)
                @Pattern("^[\\t\\x20-\\x7e]*$")
                String value,

                @JsonPropertyDescription("Where its value is kept.")
                ValueSource valueFrom) {
            /** Where a header's value is kept. */
            public record ValueSource(
                    @JsonPropertyDescription("Key of a Secret.") @Required
                    KeyRef secretKeyRef) {}
        }

        /** A tool of an MCP server over streamable HTTP; {@code tool} defaults to this tool's name. */
        @SchemaCustomizer(value = SchemaTouch.class, input = """
                headers map=name max=16
                allowedHosts set max=16
                """)
        public record Mcp(
                @JsonPropertyDescription("The server's endpoint.")
                @Required
                @Size(min = 1, max = Formats.URL_MAX)
                @Pattern(Formats.URL)
                String url,

                @JsonPropertyDescription("The tool, as the server calls it. Not set: this tool's name.")
                @Size(min = 1, max = 128)
                String tool,

                @JsonPropertyDescription("Headers of each request.")
                List<Header> headers,

                @JsonPropertyDescription(Formats.ALLOWED_HOSTS)
                List<@Size(min = 1, max = Formats.HOST_MAX) @Pattern(Formats.HOST) String> allowedHosts) {}

        /** A declared expression over named inputs, in exact decimals: no model in the calculation path. */
        @SchemaCustomizer(value = SchemaTouch.class, input = "inputs map=name max=32")
        public record Formula(
                @JsonPropertyDescription("The expression, such as quantity * factor / 1000.")
                @Required
                @Size(min = 1, max = 4096)
                String expression,

                @JsonPropertyDescription("The numbers that the expression names.")
                List<Input> inputs,

                @JsonPropertyDescription("Digits after the decimal point that the result is rounded to.")
                @Min(0)
                @Max(34)
                Integer scale) {
            /** A named number, or list of numbers for SUM and the like, that the expression uses. */
            public record Input(
                    @JsonPropertyDescription("Name in the expression.")
                    @Required
                    @Size(min = 1, max = 63)
                    @Pattern("^[a-zA-Z][_a-zA-Z0-9]*$")
                    String name,

                    @JsonPropertyDescription("What the number is, for the model.") @Size(max = 1024)
                    String description,

                    @JsonPropertyDescription("Number, or Numbers: a list for SUM and the like.")
                    @Default("Number")
                    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
                    Type type) {
                /** What an input holds. */
                public enum Type {
                    Number,
                    Numbers
                }
            }
        }

        /** A table to look rows up in: CSV, JSON or YAML, by the key's ending. */
        public record Lookup(
                @JsonPropertyDescription(
                        "Key of a ConfigMap that holds the table: CSV, JSON or YAML, by the key's ending.")
                @Required
                KeyRef configMapKeyRef) {}
    }
}
