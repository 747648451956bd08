package millrace.runtime;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;

/**
 * Finds the handler that the function names, in its code (docs/specs/lambda.md section 6): `package.Class`, of one of the
 * two interfaces, or `package.Class::method`. The words of faults are Lambda's.
 */
final class HandlerFinder {
    private HandlerFinder() {}

    /** @return a FaultyHandler where Lambda reports the fault by each call @throws Fault the fatal ones */
    static Handler find(String name, String taskRoot, ClassLoader code) {
        try {
            return load(name, taskRoot, code);
        } catch (Throwable thrown) {
            Fault fault = Fault.of(thrown);
            if (fault.isFatal) throw fault;
            return new FaultyHandler(fault);
        }
    }

    private static Handler load(String name, String taskRoot, ClassLoader code) {
        int colons = name.lastIndexOf("::");
        String className = colons < 0 ? name : name.substring(0, colons);
        String method = colons < 0 ? null : name.substring(colons + 2);
        if (className.isEmpty() || (method != null && method.isEmpty())) {
            throw Fault.of("Invalid handler: `" + name + "'");
        }
        Class<?> type = loadClass(className, taskRoot, code);
        Serializers serializers = new Serializers(code);
        return method == null ? ofInterface(type, serializers) : MethodFinder.find(type, method, serializers);
    }

    private static Class<?> loadClass(String name, String taskRoot, ClassLoader code) {
        try {
            return Class.forName(name, true, code);
        } catch (ClassNotFoundException e) {
            throw Fault.of("Class not found: " + name + UnbuiltSources.hint(taskRoot), e);
        } catch (NoClassDefFoundError e) {
            throw Fault.fatal(loadingOf(name, e), e);
        } catch (Throwable e) {
            throw Fault.fatal(loadingOf(name, e), e);
        }
    }

    private static String loadingOf(String name, Throwable e) {
        return "Error loading class " + name + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }

    private static Handler ofInterface(Class<?> type, Serializers serializers) {
        if (RequestStreamHandler.class.isAssignableFrom(type)) {
            return StreamCalls.of((RequestStreamHandler) newInstance(type));
        }
        if (!RequestHandler.class.isAssignableFrom(type)) {
            throw Fault.of("Class does not implement an appropriate handler interface: " + type.getName());
        }
        Type[] types = typesOf(type);
        @SuppressWarnings("unchecked")
        RequestHandler<Object, Object> handler = (RequestHandler<Object, Object>) newInstance(type);
        return ObjectCalls.of(handler, types, serializers);
    }

    private static Type[] typesOf(Class<?> type) {
        Type[] types = InterfaceTypes.find(type, RequestHandler.class);
        String problem = "Class " + type.getName() + " does not implement RequestHandler with concrete type parameters";
        if (types == null) throw Fault.of(problem);
        for (Type one : types) {
            if (isUnbound(one)) throw Fault.of(problem + ": parameter " + one + " has no upper bound.");
        }
        return types;
    }

    private static boolean isUnbound(Type type) {
        if (!(type instanceof TypeVariable)) return false;
        for (Type bound : ((TypeVariable<?>) type).getBounds()) {
            if (!Object.class.equals(bound)) return false;
        }
        return true;
    }

    /** @throws Fault fatal when its constructor throws */
    static Object newInstance(Class<?> type) {
        try {
            return constructorOf(type).newInstance();
        } catch (InvocationTargetException e) {
            throw Fault.fatal(e.getCause() == null ? e : e.getCause());
        } catch (Fault fault) {
            throw fault;
        } catch (Throwable e) {
            throw Fault.of(e);
        }
    }

    private static Constructor<?> constructorOf(Class<?> type) throws Exception {
        try {
            return type.getConstructor();
        } catch (NoSuchMethodException e) {
            if (type.getEnclosingClass() != null && !Modifier.isStatic(type.getModifiers())) {
                throw new Exception("Class " + type.getName()
                        + " cannot be instantiated because it is a non-static inner class");
            }
            throw new Exception("Class " + type.getName() + " has no public zero-argument constructor", e);
        }
    }
}
