/**
 * The adapters that speak to model providers, one {@link dev.tagma.model.ModelClient} each.
 *
 * <p>How to add a provider:
 *
 * <ol>
 *   <li>Add its name to {@code ModelProviderSpec.Type}; the compiler then shows the one switch to extend, in {@code ModelClients}.
 *   <li>Write {@code XModel implements ModelClient}: one call, one attempt, no retries and no logging of bodies. Where langchain4j
 *       speaks the protocol, hand its {@code ChatModel} to {@code ChatModelAdapter}, which maps messages, tools, usage and errors and
 *       holds the deadline; otherwise keep the contract of {@code ModelClient} yourself.
 *   <li>Sort its errors into the kinds of {@code ModelException}: they alone decide on retries and failover. The provider's message
 *       belongs in them, the key never does.
 *   <li>Give it an {@code XModelIT} against a loopback server, with the cases of {@code OpenAiModelIT}.
 * </ol>
 */
package dev.tagma.model.provider;
