package millrace.runtime.json;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The properties of a class, by Jackson's rules as Lambda sets them: public fields, public getters, any setter; names of
 * the beans' standard; no annotations. In the order of their fields, those of superclasses first, then of their methods.
 */
final class Bean {
    /** A way to read or write a property; both where it is a field. */
    static final class Access {
        final Type type;
        private final Field field;
        private final Method method;

        Access(Type type, Field field, Method method) {
            this.type = type;
            this.field = field;
            this.method = method;
        }

        Object get(Object bean) throws Throwable {
            try {
                return field != null ? field.get(bean) : method.invoke(bean);
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        }

        void set(Object bean, Object value) throws Throwable {
            try {
                if (field != null) field.set(bean, value);
                else method.invoke(bean, value);
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        }
    }

    final Map<String, Access> getters = new LinkedHashMap<>();
    final Map<String, Access> setters = new LinkedHashMap<>();
    /** null: it has none without arguments */
    final Constructor<?> constructor;

    Bean(Type type) {
        Class<?> raw = Types.rawClass(type);
        List<Type> lineage = lineageOf(type);
        List<String> order = new ArrayList<>();
        for (Type one : lineage) addFields(one, order);
        Collections.reverse(lineage);
        for (Type one : lineage) addMethods(one, order, raw);
        if (raw.isInterface() || Modifier.isAbstract(raw.getModifiers())) {
            for (Type one : interfacesOf(type)) addMethods(one, order, raw);
        }
        sort(getters, order);
        constructor = constructorOf(raw);
    }

    private static Constructor<?> constructorOf(Class<?> raw) {
        if (raw.isInterface() || Modifier.isAbstract(raw.getModifiers())) return null;
        try {
            return opened(raw.getDeclaredConstructor());
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    /** The class and those above it, Object left out, topmost first. */
    private static List<Type> lineageOf(Type type) {
        List<Type> lineage = new ArrayList<>();
        for (Type one = type; one != null && Types.rawClass(one) != Object.class; ) {
            lineage.add(0, one);
            Type superclass = Types.rawClass(one).getGenericSuperclass();
            one = superclass == null ? null : Types.withArguments(superclass, Types.argumentsOf(one));
        }
        return lineage;
    }

    private static List<Type> interfacesOf(Type type) {
        List<Type> found = new ArrayList<>();
        for (Type above : Types.rawClass(type).getGenericInterfaces()) {
            Type filled = Types.withArguments(above, Types.argumentsOf(type));
            found.add(filled);
            found.addAll(interfacesOf(filled));
        }
        return found;
    }

    private void addFields(Type type, List<String> order) {
        Map<String, Type> known = Types.argumentsOf(type);
        for (Field field : Types.rawClass(type).getDeclaredFields()) {
            int modifiers = field.getModifiers();
            if (Modifier.isStatic(modifiers) || field.isSynthetic()) continue;
            order.add(field.getName());
            if (!Modifier.isPublic(modifiers) || Modifier.isTransient(modifiers)) continue;
            Access access = new Access(Types.withArguments(field.getGenericType(), known), opened(field), null);
            getters.put(field.getName(), access);
            setters.put(field.getName(), access);
        }
    }

    private void addMethods(Type type, List<String> order, Class<?> bean) {
        Map<String, Type> known = Types.argumentsOf(type);
        for (Method method : Types.rawClass(type).getDeclaredMethods()) {
            if (Modifier.isStatic(method.getModifiers()) || method.isSynthetic() || method.isBridge()) continue;
            if (method.getParameterCount() == 0) addGetter(method, known, order, bean);
            else if (method.getParameterCount() == 1) addSetter(method, known, order);
        }
    }

    private void addGetter(Method method, Map<String, Type> known, List<String> order, Class<?> bean) {
        String name = propertyOf(method, bean);
        if (name == null || !Modifier.isPublic(method.getModifiers())) return;
        order.add(name);
        Access present = getters.get(name);
        // A method of the class itself was here before those of its superclasses; `get` goes before `is`.
        boolean isBetter = present == null || present.method == null
                || present.method.getName().startsWith("is") && method.getName().startsWith("get");
        if (isBetter) {
            Type type = Types.withArguments(method.getGenericReturnType(), known);
            getters.put(name, new Access(type, null, opened(method)));
        }
    }

    private static String propertyOf(Method method, Class<?> bean) {
        String name = method.getName();
        Class<?> type = method.getReturnType();
        if (name.startsWith("get") && name.length() > 3 && type != void.class) return decapitalized(name.substring(3));
        boolean isQuestion = type == boolean.class || type == Boolean.class;
        if (name.startsWith("is") && name.length() > 2 && isQuestion) return decapitalized(name.substring(2));
        return Records.isComponent(bean, name) ? name : null;
    }

    private void addSetter(Method method, Map<String, Type> known, List<String> order) {
        String written = method.getName();
        if (!written.startsWith("set") || written.length() == 3) return;
        String name = decapitalized(written.substring(3));
        order.add(name);
        Access present = setters.get(name);
        Type type = Types.withArguments(method.getGenericParameterTypes()[0], known);
        if (present == null || present.method == null || fits(name, type, present.type)) {
            setters.put(name, new Access(type, null, opened(method)));
        }
    }

    /** Of two setters, the one of the getter's type. */
    private boolean fits(String name, Type type, Type present) {
        Access getter = getters.get(name);
        if (getter == null) return Types.rawClass(type) == String.class && Types.rawClass(present) != String.class;
        Class<?> wanted = Types.rawClass(getter.type);
        return Types.rawClass(type) == wanted && Types.rawClass(present) != wanted;
    }

    /** `Name` is `name`, and `URL` stays. */
    private static String decapitalized(String name) {
        char first = name.charAt(0);
        if (Character.toLowerCase(first) == first) return name;
        if (name.length() > 1 && Character.isUpperCase(name.charAt(1))) return name;
        return Character.toLowerCase(first) + name.substring(1);
    }

    private static void sort(Map<String, Access> members, List<String> order) {
        Map<String, Access> sorted = new LinkedHashMap<>();
        for (String name : order) {
            Access access = members.get(name);
            if (access != null) sorted.put(name, access);
        }
        members.clear();
        members.putAll(sorted);
    }

    /** What the package doesn't open stays closed; using it says so. */
    private static <T extends AccessibleObject> T opened(T member) {
        try {
            member.setAccessible(true);
        } catch (RuntimeException e) {
            // A class of Java's own.
        }
        return member;
    }
}
