/** Whether ModelProviders answer, asked now and then, and said in their status. */
package dev.tagma.operator.provider;
