package millrace.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import millrace.runtime.json.Types;

/**
 * Chooses among the public methods of one name, as Lambda does: those that are no bridges first, then the one with most
 * parameters, a Context at the end counting twice. What it passes over, it says on stderr in Lambda's words.
 */
final class MethodFinder {
    private MethodFinder() {}

    /** @throws Fault */
    static Handler find(Class<?> type, String name, Serializers serializers) {
        List<Method> named = new ArrayList<>();
        for (Method method : methodsOf(type, name)) {
            if (method.getName().equals(name)) named.add(method);
        }
        named.sort(new Priority());
        for (Method method : named) {
            String problem = problemOf(method.getGenericParameterTypes(), name);
            if (problem == null) return handlerOf(type, method, serializers);
            System.err.println(problem);
        }
        throw Fault.of("No public method named " + name + " with appropriate method signature found on class "
                + type.getName());
    }

    private static Method[] methodsOf(Class<?> type, String name) {
        try {
            return type.getMethods();
        } catch (NoClassDefFoundError e) {
            throw Fault.of("Error loading method " + name + " on class " + type.getName(), e);
        }
    }

    private static final class Priority implements Comparator<Method> {
        @Override
        public int compare(Method one, Method other) {
            if (one.isBridge() != other.isBridge()) return one.isBridge() ? 1 : -1;
            return weight(other) - weight(one);
        }

        private static int weight(Method method) {
            Class<?>[] types = method.getParameterTypes();
            return types.length + (types.length > 0 && isContext(types[types.length - 1]) ? 1 : 0);
        }
    }

    /** @return why the method can't be the handler; null: it can */
    private static String problemOf(Type[] types, String name) {
        switch (types.length) {
            case 0:
            case 1:
                return null;
            case 2:
                return problemOfTwo(types[0], types[1]);
            case 3:
                boolean fits = types[0] == InputStream.class && types[1] == OutputStream.class && isContext(types[2]);
                return fits ? null : "Ignoring three-argument overload because argument signature is not "
                        + "(InputStream, OutputStream, Context";
            default:
                return "Ignoring an overload of method " + name
                        + " because it has too many parameters: Expected at most 3, got " + types.length;
        }
    }

    private static String problemOfTwo(Type first, Type second) {
        String ignoring = "Ignoring two-argument overload because ";
        if (first == OutputStream.class) {
            return isContext(second) ? null
                    : ignoring + "first argument type is OutputStream and second argument type is not Context";
        }
        if (isContext(first)) return ignoring + "first argument type is Context";
        if (first == InputStream.class) {
            return second == OutputStream.class || isContext(second) ? null
                    : ignoring + "second parameter type, " + Types.rawClass(second).getName()
                            + ", is not OutputStream.";
        }
        return isContext(second) ? null : ignoring + "second parameter type is not Context";
    }

    private static Handler handlerOf(Class<?> type, Method method, Serializers serializers) {
        Type[] types = method.getGenericParameterTypes();
        boolean isOfStreams = Arrays.asList(types).contains(InputStream.class)
                || types.length > 0 && types[0] == OutputStream.class;
        if (isOfStreams && !isVoid(method.getReturnType())) {
            System.err.println("Will ignore return type " + method.getReturnType() + " on byte stream handler");
        }
        Object instance = Modifier.isStatic(method.getModifiers()) ? null : HandlerFinder.newInstance(type);
        MethodCall call = new MethodCall(method, instance);
        if (isOfStreams) return new StreamCalls(call, Arrays.asList(types).contains(OutputStream.class));
        Type input = types.length == 0 || isContext(types[0]) ? null : types[0];
        Type output = isVoid(method.getReturnType()) ? null : method.getGenericReturnType();
        return new ObjectCalls(serializers, input, output, call);
    }

    private static boolean isContext(Type type) {
        return type == Context.class;
    }

    static boolean isVoid(Type type) {
        return type == void.class || type == Void.class;
    }
}
