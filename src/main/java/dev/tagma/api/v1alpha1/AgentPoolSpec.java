package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Agents of one kind of work, their models and tools, and how many runtimes serve them. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AgentPoolSpec(
        AllowedNamespaces allowedNamespaces,
        List<PoolModel> models,
        List<Agent> agents,
        List<Tool> tools,
        Integer replicas,
        RuntimeSettings runtime,
        MissionDefaults missionDefaults,
        MissionLimits missionLimits,
        Queue queue) {
    /** A model that agents name: a provider, its model and the parameters of each call. */
    public record PoolModel(String name, ProviderRef providerRef, String model, Parameters parameters) {
        /** A ModelProvider; its namespace defaults to the pool's. */
        public record ProviderRef(String name, String namespace) {}

        /** Parameters of each call. */
        public record Parameters(String temperature, Integer maxOutputTokens) {}
    }

    /** An agent: instructions, the failover chain of models in order, and tools. */
    public record Agent(
            String name,
            String description,
            String version,
            List<String> capabilities,
            String instructions,
            InstructionsSource instructionsFrom,
            List<String> models,
            List<String> tools) {
        /** Instructions kept elsewhere. */
        public record InstructionsSource(KeyRef configMapKeyRef) {}
    }

    /** A tool: exactly one of builtin, http, mcp, formula, lookup. */
    public record Tool(
            String name,
            String description,
            JsonNode parameters,
            Builtin builtin,
            Http http,
            Mcp mcp,
            Formula formula,
            Lookup lookup,
            SideEffects sideEffects,
            OnUnknownOutcome onUnknownOutcome,
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
        public record Http(String url, Method method, List<Header> headers, List<String> allowedHosts) {
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
        public record Header(String name, String value, ValueSource valueFrom) {
            /** Where a header's value is kept. */
            public record ValueSource(KeyRef secretKeyRef) {}
        }

        /** A tool of an MCP server over streamable HTTP; {@code tool} defaults to this tool's name. */
        public record Mcp(String url, String tool, List<Header> headers, List<String> allowedHosts) {}

        /** A declared expression over named inputs, in exact decimals: no model in the calculation path. */
        public record Formula(String expression, List<Input> inputs, Integer scale) {
            /** A named number, or list of numbers for SUM and the like, that the expression uses; type defaults to Number. */
            public record Input(String name, String description, Type type) {
                /** What an input holds. */
                public enum Type {
                    Number,
                    Numbers
                }
            }
        }

        /** A table to look rows up in: CSV, JSON or YAML, by the key's ending. */
        public record Lookup(KeyRef configMapKeyRef) {}
    }

    /** The runtimes of a pool. */
    public record RuntimeSettings(Integer missionsPerPod) {}

    /** What missions get that do not say. */
    public record MissionDefaults(String timeout) {}

    /** The most that a mission may ask for. */
    public record MissionLimits(String timeout, Long tokens, String cost, Integer priority) {}

    /** The pool's queue. */
    public record Queue(Integer maxPending) {}
}
