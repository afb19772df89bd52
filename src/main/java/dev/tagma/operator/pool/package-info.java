/** AgentPools become Deployments with what belongs to them; what they do is said in their status; who deletes one waits for its missions. */
package dev.tagma.operator.pool;
