-- Tells Argo CD how an AgentPool, a ModelProvider or a Mission stands: from observedGeneration and the conditions Ready, Reconciling and
-- Stalled, as kstatus reads them for Flux. What waits for a person's word is Suspended. docs/gitops.md says where this goes.
local awaitsPerson = {Suspended = true, OutcomeUnknown = true}

local status = obj.status or {}
if status.observedGeneration == nil or status.observedGeneration ~= obj.metadata.generation then
  return {status = "Progressing", message = "Tagma has not seen this generation yet"}
end
for _, condition in ipairs(status.conditions or {}) do
  if condition.status == "True" then
    local said = condition.reason .. ": " .. condition.message
    if condition.type == "Ready" then
      return {status = "Healthy", message = said}
    elseif condition.type == "Stalled" then
      return {status = "Degraded", message = said}
    elseif condition.type == "Reconciling" then
      return {status = awaitsPerson[condition.reason] and "Suspended" or "Progressing", message = said}
    end
  end
end
return {status = "Progressing", message = "Tagma has not said how it stands"}
