package dev.tagma.app;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the missions are kept: an embedded Postgres, unless a database is named. */
final class StoreOptions {
    private static final String DEFAULT_DIRECTORY = ".tagma";

    @Option(
            names = "--database",
            paramLabel = "URL",
            description =
                    "Postgres to use, as postgresql://USER@HOST:PORT/NAME or jdbc:postgresql://...; the password also from PGPASSWORD. Several processes may share one.")
    String database;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "directory of the embedded Postgres (default: .tagma, here)")
    Path data;

    /** The database that was named, by option or TAGMA_DATABASE; null for the embedded one. Throws CommandException where it is no URL. */
    DatabaseAddress named(Console console) {
        String url = database == null ? console.variable("TAGMA_DATABASE") : database;
        if (url.isEmpty()) {
            return null;
        }
        if (data != null && database != null) {
            throw new CommandException(
                    ExitCode.Invalid,
                    "--database and --data exclude each other: the first names a Postgres, the second the directory of the embedded one");
        }
        return data != null ? null : parse(url, console.variable("PGUSER"), console.variable("PGPASSWORD"));
    }

    static DatabaseAddress parse(String url, String defaultUser, String defaultPassword) {
        String plain = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
        try {
            URI uri = new URI(plain.replaceFirst("^postgres:", "postgresql:"));
            if (!"postgresql".equals(uri.getScheme()) || uri.getHost() == null) {
                throw new CommandException(ExitCode.Invalid, wrong(url));
            }
            String[] login = uri.getRawUserInfo() == null
                    ? new String[0]
                    : uri.getRawUserInfo().split(":", 2);
            String address = "jdbc:postgresql://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                    + (uri.getRawPath().isEmpty() ? "/" : uri.getRawPath())
                    + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
            return new DatabaseAddress(
                    address,
                    login.length > 0 ? decoded(login[0]) : defaultUser,
                    login.length > 1 ? decoded(login[1]) : defaultPassword);
        } catch (URISyntaxException e) {
            throw new CommandException(ExitCode.Invalid, wrong(url), e);
        }
    }

    private static String wrong(String url) {
        return "--database is no Postgres URL: " + withoutPassword(url)
                + ": write it as postgresql://USER@HOST:PORT/NAME";
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The options as another command has to repeat them: empty, or with a leading space. */
    String repeated() {
        return database != null ? " --database " + withoutPassword(database) : data != null ? " --data " + data : "";
    }

    private static String withoutPassword(String url) {
        return url.replaceFirst(":[^:@/]+@", ":***@");
    }

    /** The embedded Postgres' directory. */
    Path directory(Console console) {
        if (data != null) {
            return data;
        }
        String named = console.variable("TAGMA_DATA");
        return Path.of(named.isEmpty() ? DEFAULT_DIRECTORY : named);
    }

    /** Where its programs are unpacked: the user's cache. */
    static Path cache(Console console) {
        String named = console.variable("XDG_CACHE_HOME");
        return (named.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(named)).resolve("tagma");
    }
}
