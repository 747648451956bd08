package millrace.runtime.json;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * Writes values as JSON, by Jackson's rules as Lambda sets them: members that are null are left out, times are numbers,
 * enums their names, numbers that are none are texts, and characters beyond 16 bits are written by their halves.
 */
public final class JsonEncoder {
    private static final int MOST_LEVELS = 1000;
    private static final char[] HEXADECIMAL = "0123456789ABCDEF".toCharArray();

    private final OutputStream output;
    private final StringBuilder text = new StringBuilder();
    private final Map<Class<?>, Bean> beans = new HashMap<>();

    public JsonEncoder(OutputStream output) {
        this.output = output;
    }

    /** @param declared what the handler says that it returns: of a class, the properties of that are written */
    public void write(Object value, Type declared) {
        Class<?> raw = Types.rawClass(declared);
        boolean isBean = value != null && raw != Object.class && !raw.isPrimitive() && !Scalars.isKnown(raw)
                && !isContainer(raw);
        if (isBean) bean(value, raw, 1);
        else value(value, 0);
        flush();
    }

    public void writeMembers(Map<String, ?> members) {
        map(members, 1);
        flush();
    }

    private void flush() {
        try {
            output.write(text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new JsonException("the answer can't be written", e);
        }
    }

    private static boolean isContainer(Class<?> raw) {
        return raw.isArray() || Map.class.isAssignableFrom(raw) || Iterable.class.isAssignableFrom(raw)
                || Iterator.class.isAssignableFrom(raw) || Map.Entry.class.isAssignableFrom(raw)
                || raw == Optional.class;
    }

    private void value(Object value, int level) {
        if (value == null) text.append("null");
        else if (value instanceof CharSequence) string(value.toString());
        else if (Scalars.isKnown(value.getClass())) scalar(Scalars.written(value), level);
        else if (level >= MOST_LEVELS) throw new JsonException("more than " + MOST_LEVELS + " levels: does it hold itself?");
        else if (value instanceof byte[]) string(Base64.getEncoder().encodeToString((byte[]) value));
        else if (value instanceof char[]) string(new String((char[]) value));
        else if (value.getClass().isArray()) array(value, level + 1);
        else if (value instanceof Map) map((Map<?, ?>) value, level + 1);
        else if (value instanceof Iterable) items(((Iterable<?>) value).iterator(), level + 1);
        else if (value instanceof Iterator) items((Iterator<?>) value, level + 1);
        else if (value instanceof Optional) value(((Optional<?>) value).orElse(null), level + 1);
        else if (value instanceof Map.Entry) entry((Map.Entry<?, ?>) value, level + 1);
        else bean(value, value.getClass(), level + 1);
    }

    /** @param written a text, or what is JSON by its own text, or a list of these */
    private void scalar(Object written, int level) {
        if (written instanceof String) string((String) written);
        else if (written instanceof Iterable) items(((Iterable<?>) written).iterator(), level + 1);
        else text.append(written);
    }

    private void array(Object array, int level) {
        text.append('[');
        for (int i = 0; i < Array.getLength(array); i++) {
            if (i > 0) text.append(',');
            value(Array.get(array, i), level);
        }
        text.append(']');
    }

    private void items(Iterator<?> items, int level) {
        text.append('[');
        for (boolean isFirst = true; items.hasNext(); isFirst = false) {
            if (!isFirst) text.append(',');
            value(items.next(), level);
        }
        text.append(']');
    }

    private void map(Map<?, ?> map, int level) {
        text.append('{');
        boolean isFirst = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) isFirst &= !member(keyOf(entry.getKey()), entry.getValue(), isFirst, level);
        text.append('}');
    }

    private void entry(Map.Entry<?, ?> entry, int level) {
        text.append('{');
        member(keyOf(entry.getKey()), entry.getValue(), true, level);
        text.append('}');
    }

    private void bean(Object bean, Class<?> type, int level) {
        text.append('{');
        boolean isFirst = true;
        Bean shape = beans.get(type);
        if (shape == null) beans.put(type, shape = new Bean(type));
        for (Map.Entry<String, Bean.Access> property : shape.getters.entrySet()) {
            Object value = read(bean, property);
            if (value == bean) throw new JsonException("Direct self-reference leading to cycle: " + nameOf(bean, property));
            isFirst &= !member(property.getKey(), value, isFirst, level);
        }
        text.append('}');
    }

    private static Object read(Object bean, Map.Entry<String, Bean.Access> property) {
        try {
            return property.getValue().get(bean);
        } catch (Throwable e) {
            throw new JsonException(e.getMessage() + " (through reference chain: " + nameOf(bean, property) + ")", e);
        }
    }

    private static String nameOf(Object bean, Map.Entry<String, Bean.Access> property) {
        return bean.getClass().getName() + "[\"" + property.getKey() + "\"]";
    }

    /** @return whether it was written: null isn't */
    private boolean member(String name, Object value, boolean isFirst, int level) {
        if (value == null) return false;
        if (!isFirst) text.append(',');
        string(name);
        text.append(':');
        value(value, level);
        return true;
    }

    private static String keyOf(Object key) {
        if (key == null) throw new JsonException("Null key for a Map not allowed in JSON");
        return Scalars.key(key);
    }

    private void string(String value) {
        text.append('"');
        int done = 0;
        for (int i = 0; i < value.length(); i++) {
            char one = value.charAt(i);
            if (one >= ' ' && one != '"' && one != '\\' && !Character.isSurrogate(one)) continue;
            text.append(value, done, i);
            escape(one);
            done = i + 1;
        }
        text.append(value, done, value.length()).append('"');
    }

    private void escape(char one) {
        int place = "\"\\\b\f\n\r\t".indexOf(one);
        if (place >= 0) text.append('\\').append("\"\\bfnrt".charAt(place));
        else {
            text.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) text.append(HEXADECIMAL[one >> shift & 15]);
        }
    }
}
