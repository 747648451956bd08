package millrace.runtime;

import java.io.File;
import java.util.ArrayDeque;
import java.util.Deque;

/** Tells a package of sources, whose classes nothing has made, from one whose handler is misspelt. */
final class UnbuiltSources {
    private static final String[][] PROJECTS = {
        {"pom.xml", "upload the jar that `mvn package` makes"},
        {"build.gradle", "upload the jar that `gradle shadowJar` makes"},
        {"build.gradle.kts", "upload the jar that `gradle shadowJar` makes"},
    };
    /** A package of many files is none of sources alone. */
    private static final int MOST_LOOKS = 2_000;

    private UnbuiltSources() {}

    /** @return the end of a sentence, or nothing where the package holds classes */
    static String hint(String taskRoot) {
        if (holds(taskRoot, ".class") || holds(taskRoot, ".jar")) return "";
        for (String[] project : PROJECTS) {
            if (new File(taskRoot, project[0]).exists()) return because("a " + project[0], project[1]);
        }
        return holds(taskRoot, ".java") ? because("sources", "upload the classes that `javac` makes") : "";
    }

    private static String because(String found, String remedy) {
        return ". The package holds " + found + " and no classes, and sources aren't built: " + remedy;
    }

    private static boolean holds(String taskRoot, String ending) {
        Deque<File> waiting = new ArrayDeque<>();
        waiting.add(new File(taskRoot));
        for (int looks = 0; !waiting.isEmpty() && looks < MOST_LOOKS; ) {
            File[] found = waiting.removeFirst().listFiles();
            if (found == null) continue;
            looks += found.length;
            for (File file : found) {
                if (file.getName().endsWith(ending)) return true;
                if (file.isDirectory()) waiting.add(file);
            }
        }
        return false;
    }
}
