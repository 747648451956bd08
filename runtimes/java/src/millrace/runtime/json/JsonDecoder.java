package millrace.runtime.json;

import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes objects of JSON, by Jackson's rules as Lambda sets them: unknown members are passed over, an empty text or list
 * stands for nothing, one value for a list of one, and a list of one for its value.
 */
public final class JsonDecoder {
    private static final String EVENT_CLASSES = "com.amazonaws.services.lambda.runtime.events.";

    private final Map<Type, Bean> beans = new HashMap<>();

    /** @throws JsonException */
    public Object read(byte[] json, Type type) {
        return value(new JsonReader(json).read(), type);
    }

    Object value(Object told, Type type) {
        Class<?> raw = Types.rawClass(type);
        if (told == null) return absent(raw);
        if (raw == Object.class || raw == java.io.Serializable.class) return untyped(told);
        if (ScalarDecoder.isKnown(raw)) return ScalarDecoder.read(told, raw);
        if (raw.isArray()) return array(told, raw, type);
        if (Collection.class.isAssignableFrom(raw) || raw == Iterable.class) return collection(told, type, raw);
        if (raw == Optional.class) return Optional.ofNullable(value(told, Types.argument(type, Optional.class, 0)));
        if (raw == AtomicReference.class) {
            return new AtomicReference<>(value(told, Types.argument(type, AtomicReference.class, 0)));
        }
        if (Map.class.isAssignableFrom(raw)) return map(told, type, raw);
        if (raw == Map.Entry.class) return entry(told, type);
        return bean(told, type, raw);
    }

    private static Object absent(Class<?> raw) {
        if (raw == Optional.class) return Optional.empty();
        return raw.isPrimitive() ? ScalarDecoder.zero(raw) : ScalarDecoder.absent(raw);
    }

    /** Decimal numbers are Doubles where no type asks for more. */
    private static Object untyped(Object told) {
        if (told instanceof BigDecimal) return ((BigDecimal) told).doubleValue();
        if (told instanceof Map) {
            @SuppressWarnings("unchecked")
            Map<String, Object> members = (Map<String, Object>) told;
            for (Map.Entry<String, Object> member : members.entrySet()) member.setValue(untyped(member.getValue()));
        } else if (told instanceof List) {
            @SuppressWarnings("unchecked")
            List<Object> items = (List<Object>) told;
            for (int i = 0; i < items.size(); i++) items.set(i, untyped(items.get(i)));
        }
        return told;
    }

    private Object array(Object told, Class<?> raw, Type type) {
        if (raw == byte[].class && told instanceof String) return ScalarDecoder.bytes((String) told);
        if (raw == char[].class && told instanceof String) return ((String) told).toCharArray();
        Type item = raw.getComponentType();
        if (type instanceof java.lang.reflect.GenericArrayType) {
            item = ((java.lang.reflect.GenericArrayType) type).getGenericComponentType();
        }
        if ("".equals(told)) return null;
        List<?> items = told instanceof List ? (List<?>) told : List.of(told);
        Object array = Array.newInstance(raw.getComponentType(), items.size());
        for (int i = 0; i < items.size(); i++) Array.set(array, i, value(items.get(i), item));
        return array;
    }

    private Object collection(Object told, Type type, Class<?> raw) {
        if ("".equals(told)) return null;
        Type item = raw == Iterable.class ? Types.argument(type, Iterable.class, 0) : Types.argument(type, Collection.class, 0);
        Collection<Object> collection = Containers.collection(raw, Types.rawClass(item));
        List<?> items = told instanceof List ? (List<?>) told : List.of(told);
        for (Object one : items) collection.add(value(one, item));
        return collection;
    }

    private Object map(Object told, Type type, Class<?> raw) {
        if (isNothing(told)) return null;
        Object one = unwrapped(told);
        if (!(one instanceof Map)) throw ScalarDecoder.mismatch(raw, told);
        Class<?> keyType = Types.rawClass(Types.argument(type, Map.class, 0));
        Type valueType = Types.argument(type, Map.class, 1);
        Map<Object, Object> map = Containers.map(raw, keyType);
        for (Map.Entry<?, ?> member : ((Map<?, ?>) one).entrySet()) {
            map.put(key((String) member.getKey(), keyType), value(member.getValue(), valueType));
        }
        return map;
    }

    private static Object key(String name, Class<?> type) {
        return type == Object.class ? name : ScalarDecoder.read(name, type);
    }

    private Object entry(Object told, Type type) {
        if (!(told instanceof Map) || ((Map<?, ?>) told).size() != 1) throw ScalarDecoder.mismatch(Map.Entry.class, told);
        Map.Entry<?, ?> only = ((Map<?, ?>) told).entrySet().iterator().next();
        Object key = key((String) only.getKey(), Types.rawClass(Types.argument(type, Map.Entry.class, 0)));
        return new AbstractMap.SimpleEntry<>(key, value(only.getValue(), Types.argument(type, Map.Entry.class, 1)));
    }

    private Object bean(Object told, Type type, Class<?> raw) {
        if (isNothing(told)) return null;
        Object one = unwrapped(told);
        if (!(one instanceof Map)) throw ScalarDecoder.mismatch(raw, told);
        Map<?, ?> members = (Map<?, ?>) one;
        Records record = Records.of(raw);
        if (record != null) return newRecord(record, members, type);
        Bean bean = beans.get(type);
        if (bean == null) beans.put(type, bean = new Bean(type));
        Object made = newBean(bean, raw);
        boolean isEvent = raw.getName().startsWith(EVENT_CLASSES);
        for (Map.Entry<?, ?> member : members.entrySet()) {
            String name = (String) member.getKey();
            Bean.Access setter = bean.setters.get(name);
            if (setter == null && isEvent) setter = ofAnyCase(bean, name);
            if (setter != null) set(made, setter, member.getValue(), name);
        }
        return made;
    }

    /** Lambda's event classes name their members otherwise than the events do, and only by case. */
    private static Bean.Access ofAnyCase(Bean bean, String name) {
        for (Map.Entry<String, Bean.Access> setter : bean.setters.entrySet()) {
            if (setter.getKey().equalsIgnoreCase(name)) return setter.getValue();
        }
        return null;
    }

    private void set(Object bean, Bean.Access setter, Object value, String name) {
        try {
            setter.set(bean, value(value, setter.type));
        } catch (Throwable e) {
            throw new JsonException(e.getMessage() + " (through reference chain: " + bean.getClass().getName() + "[\""
                    + name + "\"])", e);
        }
    }

    private static Object newBean(Bean bean, Class<?> raw) {
        String problem = "Cannot construct instance of `" + raw.getName() + "`";
        if (bean.constructor == null) {
            boolean isAbstract = raw.isInterface() || java.lang.reflect.Modifier.isAbstract(raw.getModifiers());
            throw new JsonException(problem + (isAbstract ? ": it is abstract" : ": it has no constructor without arguments"));
        }
        try {
            return bean.constructor.newInstance();
        } catch (java.lang.reflect.InvocationTargetException e) {
            throw new JsonException(problem + ": " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new JsonException(problem + ": " + e, e);
        }
    }

    private Object newRecord(Records record, Map<?, ?> members, Type type) {
        Map<String, Type> known = Types.argumentsOf(type);
        Object[] arguments = new Object[record.names.length];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = value(members.get(record.names[i]), Types.withArguments(record.types[i], known));
        }
        try {
            return record.constructor.newInstance(arguments);
        } catch (java.lang.reflect.InvocationTargetException e) {
            throw new JsonException("Cannot construct instance: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new JsonException("Cannot construct instance: " + e, e);
        }
    }

    private static boolean isNothing(Object told) {
        return "".equals(told) || told instanceof List && ((List<?>) told).isEmpty();
    }

    private static Object unwrapped(Object told) {
        return told instanceof List && ((List<?>) told).size() == 1 ? ((List<?>) told).get(0) : told;
    }
}
