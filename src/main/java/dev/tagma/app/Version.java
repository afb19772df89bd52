package dev.tagma.app;

/** The program's version, from the manifest of its jar. */
public final class Version {
    private Version() {}

    /** Such as {@code 0.1.0}; {@code development} where it does not run from a jar. */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
