package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A goal given to an agent of a pool, run to its end. */
@Group("tagma.dev")
@Version("v1alpha1")
@Categories("tagma")
@SchemaCustomizer(value = SchemaTouch.class, input = "spec required\nstatus unseen")
@JsonClassDescription("A goal given to an agent of a pool, run to its end.")
@ShortNames("msn")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.reason")
@AdditionalPrinterColumn(name = "Agent", jsonPath = ".spec.agent")
@AdditionalPrinterColumn(name = "Pool", jsonPath = ".spec.poolRef.name")
@AdditionalPrinterColumn(name = "Cost", jsonPath = ".status.usage.cost")
@AdditionalPrinterColumn(
        name = "Iterations",
        jsonPath = ".status.usage.iterations",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Tools",
        jsonPath = ".status.usage.toolCalls",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
        value = "has(self.spec.poolRef) == has(oldSelf.spec.poolRef)"
                + " && (!has(self.spec.poolRef) || self.spec.poolRef == oldSelf.spec.poolRef)",
        message = Mission.IMMUTABLE,
        fieldPath = ".spec.poolRef")
@ValidationRule(
        value = "has(self.spec.agent) == has(oldSelf.spec.agent)"
                + " && (!has(self.spec.agent) || self.spec.agent == oldSelf.spec.agent)",
        message = Mission.IMMUTABLE,
        fieldPath = ".spec.agent")
@ValidationRule(
        value = "has(self.spec.goal) == has(oldSelf.spec.goal)"
                + " && (!has(self.spec.goal) || self.spec.goal == oldSelf.spec.goal)",
        message = Mission.IMMUTABLE,
        fieldPath = ".spec.goal")
@ValidationRule(
        value = "has(self.spec.inputs) == has(oldSelf.spec.inputs)"
                + " && (!has(self.spec.inputs) || self.spec.inputs == oldSelf.spec.inputs)",
        message = Mission.IMMUTABLE,
        fieldPath = ".spec.inputs")
@ValidationRule(
        value = "has(self.spec.inputsFrom) == has(oldSelf.spec.inputsFrom)"
                + " && (!has(self.spec.inputsFrom) || self.spec.inputsFrom == oldSelf.spec.inputsFrom)",
        message = Mission.IMMUTABLE,
        fieldPath = ".spec.inputsFrom")
@ValidationRule(
        value = "has(self.spec.outputSchema) == has(oldSelf.spec.outputSchema)"
                + " && (!has(self.spec.outputSchema) || self.spec.outputSchema == oldSelf.spec.outputSchema)",
        message = Mission.IMMUTABLE,
        fieldPath = ".spec.outputSchema")
@ValidationRule(
        value = "has(self.spec.maxIterations) == has(oldSelf.spec.maxIterations)"
                + " && (!has(self.spec.maxIterations) || self.spec.maxIterations == oldSelf.spec.maxIterations)",
        message = Mission.IMMUTABLE,
        fieldPath = ".spec.maxIterations")
@ValidationRule(
        value = "has(self.spec.timeout) == has(oldSelf.spec.timeout)"
                + " && (!has(self.spec.timeout) || self.spec.timeout == oldSelf.spec.timeout)",
        message = Mission.IMMUTABLE,
        fieldPath = ".spec.timeout")
@ValidationRule(
        value = "has(self.spec.startDeadline) == has(oldSelf.spec.startDeadline)"
                + " && (!has(self.spec.startDeadline) || self.spec.startDeadline == oldSelf.spec.startDeadline)",
        message = Mission.IMMUTABLE,
        fieldPath = ".spec.startDeadline")
@ValidationRule(
        value = "has(self.spec.priority) == has(oldSelf.spec.priority)"
                + " && (!has(self.spec.priority) || self.spec.priority == oldSelf.spec.priority)",
        message = Mission.IMMUTABLE,
        fieldPath = ".spec.priority")
@ValidationRule(
        value = "has(self.spec.retry) == has(oldSelf.spec.retry)"
                + " && (!has(self.spec.retry) || self.spec.retry == oldSelf.spec.retry)",
        message = Mission.IMMUTABLE,
        fieldPath = ".spec.retry")
@ValidationRule(
        value = "has(self.spec.budget) == has(oldSelf.spec.budget)"
                + " && (!has(self.spec.budget) || self.spec.budget == oldSelf.spec.budget)",
        message = Mission.IMMUTABLE,
        fieldPath = ".spec.budget")
@ValidationRule(
        value = "!(has(oldSelf.spec.cancel) && oldSelf.spec.cancel) || (has(self.spec.cancel) && self.spec.cancel)",
        message = "a cancelled mission stays cancelled; create another Mission",
        fieldPath = ".spec.cancel")
public class Mission extends CustomResource<MissionSpec, MissionStatus> implements Namespaced {
    static final String IMMUTABLE = "field is immutable; create another Mission";

    private static final long serialVersionUID = 1L;
}
