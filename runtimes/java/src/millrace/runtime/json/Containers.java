package millrace.runtime.json;

import java.lang.reflect.Constructor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The collection or map that is made where a type only says what it can do; the same as Jackson's. */
final class Containers {
    private static final Class<?>[] COLLECTIONS = {
        ArrayList.class, HashSet.class, TreeSet.class, LinkedList.class, ArrayDeque.class,
    };
    private static final Class<?>[] MAPS = {
        LinkedHashMap.class, TreeMap.class, ConcurrentHashMap.class, ConcurrentSkipListMap.class,
    };

    private Containers() {}

    @SuppressWarnings({"unchecked", "rawtypes"})
    static Collection<Object> collection(Class<?> wanted, Class<?> item) {
        if (EnumSet.class.isAssignableFrom(wanted)) return EnumSet.noneOf((Class) item);
        return (Collection<Object>) make(wanted, COLLECTIONS);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    static Map<Object, Object> map(Class<?> wanted, Class<?> key) {
        if (wanted == EnumMap.class) return new EnumMap((Class) key);
        return (Map<Object, Object>) make(wanted, MAPS);
    }

    /** @param usual for interfaces: the first that is one */
    private static Object make(Class<?> wanted, Class<?>[] usual) {
        boolean isAbstract = wanted.isInterface() || java.lang.reflect.Modifier.isAbstract(wanted.getModifiers());
        Class<?> made = wanted;
        if (isAbstract) {
            made = null;
            for (Class<?> one : usual) {
                if (made == null && wanted.isAssignableFrom(one)) made = one;
            }
        }
        if (made == null) throw new JsonException("Cannot construct instance of `" + wanted.getName() + "`: it is abstract");
        try {
            Constructor<?> constructor = made.getDeclaredConstructor();
            if (!constructor.canAccess(null)) constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new JsonException("Cannot construct instance of `" + made.getName() + "`: " + e, e);
        }
    }
}
