package millrace.runtime;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import millrace.runtime.json.Types;

/** What a class gives an interface for its type parameters, wherever above it that is said. */
final class InterfaceTypes {
    private InterfaceTypes() {}

    /** @return null where nothing gives any: the interface is implemented raw */
    static Type[] find(Class<?> type, Class<?> wanted) {
        Deque<Type> waiting = new ArrayDeque<>();
        waiting.add(type);
        while (!waiting.isEmpty()) {
            Type current = waiting.removeFirst();
            Class<?> raw = Types.rawClass(current);
            if (raw == wanted && current instanceof ParameterizedType) {
                return ((ParameterizedType) current).getActualTypeArguments();
            }
            Map<String, Type> known = Types.argumentsOf(current);
            for (Type above : raw.getGenericInterfaces()) waiting.add(Types.withArguments(above, known));
            Type superclass = raw.getGenericSuperclass();
            if (superclass != null) waiting.add(Types.withArguments(superclass, known));
        }
        return null;
    }
}
