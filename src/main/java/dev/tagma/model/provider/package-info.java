/**
 * The adapters that speak to model providers, one {@link dev.tagma.model.ModelClient} each, and {@link ModelClients}, which builds and
 * keeps them.
 *
 * <p>How to add a provider:
 *
 * <ol>
 *   <li>Add its name to {@code ModelProviderSpec.Type}; the compiler then shows the switches of {@code ModelClients} to extend: its
 *       default endpoint and its client.
 *   <li>Write {@code XModel implements ModelClient}: one call, one attempt, no retries, no logging of bodies. Where langchain4j speaks
 *       the protocol, build its {@code ChatModel} over {@code ProviderHttp} and hand it to {@code ChatModelAdapter}, which maps messages,
 *       tools, usage and errors and holds the deadline; what is peculiar to the protocol goes into a {@code Dialect}. Otherwise keep the
 *       contract of {@code ModelClient} yourself.
 *   <li>Sort its errors into the kinds of {@code ModelException}: they alone decide on retries and failover. The provider's message
 *       belongs in them, the key never does.
 *   <li>Give it an {@code XModelIT} that extends {@code ModelClientContract}: every error, timeout and malformed reply, against a server
 *       on the loopback interface.
 * </ol>
 */
package dev.tagma.model.provider;
