package dev.tagma.app.role;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** A Java agent under which a process believes that it is earlier or later than it is; its monotonic clock stays as it is. */
public final class ShiftedClock implements ClassFileTransformer {
    private static final ClassDesc INSTANT = ClassDesc.of("java.time.Instant");

    private final Duration by;

    private ShiftedClock(Duration by) {
        this.by = by;
    }

    /** The flag of a JVM whose clock is wrong by so much; the agent's file is made in {@code directory}. */
    static String flag(Path directory, Duration by) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", ShiftedClock.class.getName());
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        String name = ShiftedClock.class.getName().replace('.', '/') + ".class";
        Path jar = directory.resolve("clock" + by.toSeconds() + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                var in = ShiftedClock.class.getClassLoader().getResourceAsStream(name)) {
            out.putNextEntry(new ZipEntry(name));
            in.transferTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "-javaagent:" + jar + "=" + by;
    }

    /** Called by the JVM before the program's own main. */
    public static void premain(String by, Instrumentation instrumentation) throws UnmodifiableClassException {
        Instant before = Instant.now();
        instrumentation.addTransformer(new ShiftedClock(Duration.parse(by)), true);
        instrumentation.retransformClasses(Clock.class);
        System.out.println("the clock is wrong by "
                + Duration.between(before, Instant.now()).toMinutes() + " minutes");
    }

    @Override
    public byte[] transform(
            Module module, ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] file) {
        if ("java/time/Clock".equals(name)) {
            return rewritten(loader, file, method -> method.methodName().equalsString("currentInstant"), this::later);
        }
        return loader == null ? null : rewritten(loader, file, ShiftedClock::asksForMillis, this::laterMillis);
    }

    private static byte[] rewritten(
            ClassLoader loader, byte[] file, Predicate<MethodModel> which, CodeTransform transform) {
        ClassHierarchyResolver hierarchy = ClassHierarchyResolver.defaultResolver();
        if (loader != null) {
            hierarchy = ClassHierarchyResolver.ofResourceParsing(loader).orElse(hierarchy);
        }
        ClassFile classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy));
        ClassModel parsed = classFile.parse(file);
        return parsed.methods().stream().noneMatch(which)
                ? null
                : classFile.transformClass(parsed, ClassTransform.transformingMethodBodies(which, transform));
    }

    private void later(CodeBuilder code, CodeElement element) {
        if (element instanceof ReturnInstruction) {
            code.loadConstant(by.toSeconds())
                    .invokevirtual(INSTANT, "plusSeconds", MethodTypeDesc.of(INSTANT, ConstantDescs.CD_long));
        }
        code.with(element);
    }

    private void laterMillis(CodeBuilder code, CodeElement element) {
        code.with(element);
        if (isMillis(element)) {
            code.loadConstant(by.toMillis()).ladd();
        }
    }

    private static boolean asksForMillis(MethodModel method) {
        return method.code()
                .map(code -> code.elementStream().anyMatch(ShiftedClock::isMillis))
                .orElse(false);
    }

    private static boolean isMillis(CodeElement element) {
        return element instanceof InvokeInstruction call
                && call.owner().asInternalName().equals("java/lang/System")
                && call.name().equalsString("currentTimeMillis");
    }
}
