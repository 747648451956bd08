package millrace.runtime;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.Map;

/**
 * The environment of the function's code. Java has read the process's own before any function was known, and offers no
 * way to change it: what System.getenv answers from is changed, and child processes get it where ProcessBuilder hands
 * one over.
 */
final class FunctionEnvironment {
    private FunctionEnvironment() {}

    @SuppressWarnings("unchecked")
    static void replace(Map<String, String> variables) throws ReflectiveOperationException {
        Field kept = Class.forName("java.lang.ProcessEnvironment").getDeclaredField("theEnvironment");
        kept.setAccessible(true);
        Constructor<?> view = Class.forName("java.lang.ProcessEnvironment$StringEnvironment")
                .getDeclaredConstructor(Map.class);
        view.setAccessible(true);
        Map<String, String> environment = (Map<String, String>) view.newInstance(kept.get(null));
        environment.clear();
        environment.putAll(variables);
    }
}
