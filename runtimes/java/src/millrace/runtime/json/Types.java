package millrace.runtime.json;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Generic types with their parameters filled in, so that a type alone says all there is to know. */
public final class Types {
    private Types() {}

    public static Class<?> rawClass(Type type) {
        if (type instanceof Class) return (Class<?>) type;
        if (type instanceof ParameterizedType) return (Class<?>) ((ParameterizedType) type).getRawType();
        if (type instanceof GenericArrayType) {
            return arrayOf(rawClass(((GenericArrayType) type).getGenericComponentType()));
        }
        if (type instanceof WildcardType) return rawClass(((WildcardType) type).getUpperBounds()[0]);
        return rawClass(((TypeVariable<?>) type).getBounds()[0]);
    }

    /** @return by the name of each parameter of the type's class, what stands for it */
    public static Map<String, Type> argumentsOf(Type type) {
        Map<String, Type> known = new HashMap<>();
        if (!(type instanceof ParameterizedType)) return known;
        Type[] arguments = ((ParameterizedType) type).getActualTypeArguments();
        TypeVariable<?>[] parameters = rawClass(type).getTypeParameters();
        for (int i = 0; i < parameters.length; i++) known.put(parameters[i].getName(), arguments[i]);
        return known;
    }

    /** @return the type with what is known in place of parameters; a parameter of which nothing is known stays */
    public static Type withArguments(Type type, Map<String, Type> known) {
        if (type instanceof TypeVariable) {
            return known.getOrDefault(((TypeVariable<?>) type).getName(), type);
        }
        if (type instanceof ParameterizedType) {
            ParameterizedType generic = (ParameterizedType) type;
            Type[] arguments = generic.getActualTypeArguments();
            for (int i = 0; i < arguments.length; i++) arguments[i] = withArguments(arguments[i], known);
            return new Filled((Class<?>) generic.getRawType(), arguments);
        }
        if (type instanceof GenericArrayType) {
            Type item = withArguments(((GenericArrayType) type).getGenericComponentType(), known);
            if (item instanceof Class) return arrayOf((Class<?>) item);
            return new FilledArray(item);
        }
        return type;
    }

    /** What an interface or class above `type` is given for its parameter of that place; Object where nothing is said. */
    static Type argument(Type type, Class<?> above, int place) {
        Type found = find(type, above);
        if (!(found instanceof ParameterizedType)) return Object.class;
        return ((ParameterizedType) found).getActualTypeArguments()[place];
    }

    private static Type find(Type type, Class<?> wanted) {
        Class<?> raw = rawClass(type);
        if (raw == wanted) return type;
        Map<String, Type> known = argumentsOf(type);
        for (Type above : raw.getGenericInterfaces()) {
            if (!wanted.isAssignableFrom(rawClass(above))) continue;
            return find(withArguments(above, known), wanted);
        }
        Type superclass = raw.getGenericSuperclass();
        return superclass == null ? null : find(withArguments(superclass, known), wanted);
    }

    private static Class<?> arrayOf(Class<?> item) {
        return Array.newInstance(item, 0).getClass();
    }

    private static final class FilledArray implements GenericArrayType {
        private final Type item;

        FilledArray(Type item) {
            this.item = item;
        }

        @Override
        public Type getGenericComponentType() {
            return item;
        }
    }

    private static final class Filled implements ParameterizedType {
        private final Class<?> raw;
        private final Type[] arguments;

        Filled(Class<?> raw, Type[] arguments) {
            this.raw = raw;
            this.arguments = arguments;
        }

        @Override
        public Type[] getActualTypeArguments() {
            return arguments.clone();
        }

        @Override
        public Type getRawType() {
            return raw;
        }

        @Override
        public Type getOwnerType() {
            return raw.getDeclaringClass();
        }

        @Override
        public boolean equals(Object other) {
            if (!(other instanceof Filled)) return false;
            return raw == ((Filled) other).raw && Arrays.equals(arguments, ((Filled) other).arguments);
        }

        @Override
        public int hashCode() {
            return raw.hashCode() * 31 + Arrays.hashCode(arguments);
        }

        @Override
        public String toString() {
            return raw.getName() + Arrays.toString(arguments);
        }
    }
}
