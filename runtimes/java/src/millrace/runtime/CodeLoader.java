package millrace.runtime;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where the function's classes come from: its folder, the jars of its `lib/`, the jars of the layer. */
final class CodeLoader {
    private CodeLoader() {}

    /** The runtime's own loader is the parent: the interfaces that code implements are the ones that are called. */
    static URLClassLoader open(String taskRoot) throws MalformedURLException {
        List<URL> places = new ArrayList<>();
        places.add(url(taskRoot + "/"));
        addJars(new File(taskRoot, "lib"), places);
        addJars(new File("/opt/java/lib"), places);
        return new URLClassLoader(places.toArray(new URL[0]), CodeLoader.class.getClassLoader());
    }

    private static void addJars(File folder, List<URL> places) throws MalformedURLException {
        String[] names = folder.list();
        if (names == null) return;
        Arrays.sort(names);
        for (String name : names) {
            boolean isJar = name.endsWith(".jar") && name.length() > ".jar".length();
            if (isJar) places.add(url(folder.getPath() + "/" + name));
        }
    }

    @SuppressWarnings("deprecation")
    private static URL url(String path) throws MalformedURLException {
        return new URL("file", null, -1, path);
    }
}
