package dev.tagma.catalog.cluster;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import dev.tagma.catalog.NotUnderstoodException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.stream.Collectors;

/**
 * Makes Java objects of what is watched, or refuses: what another version stored may hold words that this one does not know, and a word
 * that is left out would read as its default. Fields that are not known are left out, as the API server prunes them.
 */
final class WholeReader<T extends HasMetadata> {
    private final Class<T> type;
    private final KubernetesSerialization serialization;

    WholeReader(Class<T> type) {
        this.type = type;
        ObjectMapper mapper = new ObjectMapper();
        this.serialization = new KubernetesSerialization(mapper, false);
        mapper.setAnnotationIntrospector(new UnknownWordsFail());
    }

    /** Throws {@link NotUnderstoodException} where this version cannot say all that the object says. */
    T read(GenericKubernetesResource found) {
        try {
            return serialization.convertValue(found, type);
        } catch (IllegalArgumentException e) {
            throw new NotUnderstoodException(
                    type.getSimpleName() + " " + name(found)
                            + " was stored by another version, and this one cannot read " + what(e)
                            + ": run the version that stored it, or change the field",
                    e);
        }
    }

    private static String what(IllegalArgumentException trouble) {
        if (!(trouble.getCause() instanceof JsonMappingException mapping)) {
            return "it";
        }
        String path = mapping.getPath().stream()
                .map(each -> each.getFieldName() == null ? "[" + each.getIndex() + "]" : "." + each.getFieldName())
                .collect(Collectors.joining());
        String value = mapping instanceof InvalidFormatException format ? " " + format.getValue() : "";
        return path.substring(Math.min(1, path.length())) + value;
    }

    private static String name(GenericKubernetesResource found) {
        String namespace = found.getMetadata().getNamespace();
        String name = found.getMetadata().getName();
        return namespace == null ? name : namespace + "/" + name;
    }

    /** Undoes the leniency with which the types let a watch go on. */
    private static final class UnknownWordsFail extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonFormat.Value findFormat(Annotated annotated) {
            JsonFormat.Value format = super.findFormat(annotated);
            return format == null ? null : format.withoutFeature(JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL);
        }
    }
}
