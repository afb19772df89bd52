/** The program: subcommands, configuration, the embedded Postgres, what the terminal shows, and the wiring of everything else. */
package dev.tagma.app;
