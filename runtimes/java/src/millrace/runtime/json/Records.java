package millrace.runtime.json;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Type;

/** Records, which the Java that this is compiled for doesn't know: asked for by reflection. */
final class Records {
    private static final Method IS_RECORD = method(Class.class, "isRecord");
    private static final Method COMPONENTS = method(Class.class, "getRecordComponents");

    final String[] names;
    final Type[] types;
    final Constructor<?> constructor;

    private Records(Class<?> raw, Object[] components) throws ReflectiveOperationException {
        names = new String[components.length];
        types = new Type[components.length];
        Class<?>[] parameters = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            Class<?> component = components[i].getClass();
            names[i] = (String) component.getMethod("getName").invoke(components[i]);
            types[i] = (Type) component.getMethod("getGenericType").invoke(components[i]);
            parameters[i] = (Class<?>) component.getMethod("getType").invoke(components[i]);
        }
        constructor = raw.getDeclaredConstructor(parameters);
        constructor.setAccessible(true);
    }

    /** @return null where the class is no record */
    static Records of(Class<?> raw) {
        if (!isRecord(raw)) return null;
        try {
            return new Records(raw, (Object[]) COMPONENTS.invoke(raw));
        } catch (ReflectiveOperationException e) {
            throw new JsonException("the record " + raw.getName() + " can't be looked at", e);
        }
    }

    static boolean isComponent(Class<?> raw, String name) {
        if (!isRecord(raw)) return false;
        for (String one : of(raw).names) {
            if (one.equals(name)) return true;
        }
        return false;
    }

    private static boolean isRecord(Class<?> raw) {
        try {
            return IS_RECORD != null && (Boolean) IS_RECORD.invoke(raw);
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    private static Method method(Class<?> of, String name) {
        try {
            return of.getMethod(name);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }
}
