package millrace.runtime.json;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Base64;
import java.util.Calendar;
import java.util.Currency;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** Reads what is one text or number in JSON. An empty text, or one that says `null`, stands for nothing. */
final class ScalarDecoder {
    private static final Set<Class<?>> KNOWN = new HashSet<>(Arrays.asList(
            String.class, CharSequence.class, StringBuilder.class, StringBuffer.class,
            Byte.class, byte.class, Short.class, short.class, Integer.class, int.class, Long.class, long.class,
            Float.class, float.class, Double.class, double.class, Boolean.class, boolean.class,
            Character.class, char.class, BigDecimal.class, BigInteger.class, Number.class,
            AtomicBoolean.class, AtomicInteger.class, AtomicLong.class,
            OptionalInt.class, OptionalLong.class, OptionalDouble.class,
            Date.class, Calendar.class, GregorianCalendar.class, UUID.class, URI.class, URL.class, File.class, Path.class,
            Locale.class, Currency.class, Pattern.class, Charset.class, TimeZone.class, InetAddress.class, ByteBuffer.class));

    private ScalarDecoder() {}

    static boolean isKnown(Class<?> type) {
        return KNOWN.contains(type) || type.isEnum() || TimeDecoder.isKnown(type)
                || type.getName().equals(Scalars.JODA_TIME);
    }

    /** @throws JsonException */
    static Object read(Object told, Class<?> type) {
        boolean isText = type == String.class || type == CharSequence.class;
        if (told instanceof List && !TimeDecoder.isKnown(type)) {
            List<?> items = (List<?>) told;
            if (items.isEmpty() && !type.isPrimitive()) return absent(type);
            if (items.size() == 1) return items.get(0) == null ? nothing(type) : read(items.get(0), type);
        }
        if (!isText && ("".equals(told) || "null".equals(told))) return nothing(type);
        try {
            if (type.isEnum()) return constant(told, type);
            if (TimeDecoder.isKnown(type)) return TimeDecoder.read(told, type);
            return one(told, type);
        } catch (JsonException e) {
            throw e;
        } catch (Exception e) {
            throw new JsonException(mismatch(type, told).getMessage() + ": " + e.getMessage(), e);
        }
    }

    /** By names and no table of functions: this is on the way of every start. */
    private static Object one(Object told, Class<?> type) throws Exception {
        switch (type.getName()) {
            case "java.lang.String":
            case "java.lang.CharSequence":
                return text(told);
            case "java.lang.Integer":
            case "int":
                return (int) within(told, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "java.lang.Long":
            case "long":
                return within(told, Long.MIN_VALUE, Long.MAX_VALUE);
            case "java.lang.Double":
            case "double":
                return floating(told);
            case "java.lang.Boolean":
            case "boolean":
                return bool(told);
            case "java.lang.Byte":
            case "byte":
                return (byte) within(told, Byte.MIN_VALUE, 255);
            case "java.lang.Short":
            case "short":
                return (short) within(told, Short.MIN_VALUE, Short.MAX_VALUE);
            case "java.lang.Float":
            case "float":
                return (float) floating(told);
            case "java.lang.Character":
            case "char":
                return character(told);
            case "java.lang.Number":
                return number(told);
            case "java.math.BigDecimal":
                return decimal(told);
            case "java.math.BigInteger":
                return decimal(told).toBigInteger();
            case Scalars.JODA_TIME:
                return joda(told, type);
            default:
                return rare(told, type);
        }
    }

    private static Object rare(Object told, Class<?> type) throws Exception {
        switch (type.getName()) {
            case "java.lang.StringBuilder":
                return new StringBuilder(text(told));
            case "java.lang.StringBuffer":
                return new StringBuffer(text(told));
            case "java.util.concurrent.atomic.AtomicBoolean":
                return new AtomicBoolean(bool(told));
            case "java.util.concurrent.atomic.AtomicInteger":
                return new AtomicInteger((int) within(told, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case "java.util.concurrent.atomic.AtomicLong":
                return new AtomicLong(within(told, Long.MIN_VALUE, Long.MAX_VALUE));
            case "java.util.OptionalInt":
                return OptionalInt.of((int) within(told, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case "java.util.OptionalLong":
                return OptionalLong.of(within(told, Long.MIN_VALUE, Long.MAX_VALUE));
            case "java.util.OptionalDouble":
                return OptionalDouble.of(floating(told));
            case "java.util.Date":
                return date(told);
            case "java.util.Calendar":
            case "java.util.GregorianCalendar":
                return calendar(told);
            default:
                return named(text(told), type);
        }
    }

    private static Object named(String text, Class<?> type) throws Exception {
        switch (type.getSimpleName()) {
            case "UUID":
                return UUID.fromString(text);
            case "URI":
                return URI.create(text);
            case "URL":
                return URI.create(text).toURL();
            case "File":
                return new File(text);
            case "Path":
                return Paths.get(text);
            case "Locale":
                return Locale.forLanguageTag(text.replace('_', '-'));
            case "Currency":
                return Currency.getInstance(text);
            case "Pattern":
                return Pattern.compile(text);
            case "Charset":
                return Charset.forName(text);
            case "TimeZone":
                return TimeZone.getTimeZone(text);
            case "InetAddress":
                return InetAddress.getByName(text);
            default:
                return ByteBuffer.wrap(bytes(text));
        }
    }

    private static Object nothing(Class<?> type) {
        return type.isPrimitive() ? zero(type) : absent(type);
    }

    static Object zero(Class<?> primitive) {
        if (primitive == boolean.class) return false;
        return primitive == char.class ? (Object) '\0' : read(0, primitive);
    }

    static Object absent(Class<?> type) {
        if (type == OptionalInt.class) return OptionalInt.empty();
        if (type == OptionalLong.class) return OptionalLong.empty();
        return type == OptionalDouble.class ? OptionalDouble.empty() : null;
    }

    static JsonException mismatch(Class<?> type, Object told) {
        String kind = told instanceof Map ? "Object" : told instanceof List ? "Array" : told.getClass().getSimpleName();
        String shown = told instanceof Map || told instanceof List ? "" : " (" + cut(told.toString()) + ")";
        return new JsonException("Cannot deserialize value of type `" + type.getTypeName() + "` from " + kind + " value" + shown);
    }

    private static String cut(String text) {
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }

    static byte[] bytes(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw new JsonException("Cannot access contents of a text as base64: " + e.getMessage(), e);
        }
    }

    private static String text(Object told) {
        if (told instanceof Map || told instanceof List) throw mismatch(String.class, told);
        return told.toString();
    }

    private static BigDecimal decimal(Object told) {
        if (told instanceof BigDecimal) return (BigDecimal) told;
        if (!(told instanceof Number || told instanceof String)) throw mismatch(BigDecimal.class, told);
        String written = told.toString().trim();
        BigDecimal number = new BigDecimal(written.length() > 1000 ? "too long" : written);
        if (Math.abs((long) number.scale()) > 100_000) throw mismatch(BigDecimal.class, told);
        return number;
    }

    private static Number number(Object told) {
        if (told instanceof Number) return told instanceof BigDecimal ? ((BigDecimal) told).doubleValue() : (Number) told;
        BigDecimal number = decimal(told);
        if (told.toString().matches("[+-]?\\d+")) {
            BigInteger whole = number.toBigInteger();
            if (whole.bitLength() < 32) return whole.intValue();
            return whole.bitLength() < 64 ? (Number) whole.longValue() : whole;
        }
        return number.doubleValue();
    }

    /** Decimals are cut off, in numbers as in texts. */
    private static long within(Object told, long least, long most) {
        if (told instanceof String && !((String) told).trim().matches("[+-]?\\d{1,20}")) throw mismatch(Number.class, told);
        BigInteger whole = decimal(told).toBigInteger();
        boolean fits = whole.bitLength() < 64 && whole.longValue() >= least && whole.longValue() <= most;
        if (!fits) throw new JsonException("Numeric value (" + cut(told.toString()) + ") out of range (" + least + " - " + most + ")");
        return whole.longValue();
    }

    private static double floating(Object told) {
        if (told instanceof Number) return ((Number) told).doubleValue();
        if (!(told instanceof String)) throw mismatch(double.class, told);
        switch (((String) told).trim()) {
            case "INF":
            case "Infinity":
                return Double.POSITIVE_INFINITY;
            case "-INF":
            case "-Infinity":
                return Double.NEGATIVE_INFINITY;
            default:
                return Double.parseDouble((String) told);
        }
    }

    private static boolean bool(Object told) {
        if (told instanceof Boolean) return (Boolean) told;
        if (told instanceof Integer || told instanceof Long) return ((Number) told).longValue() != 0;
        String word = told instanceof String ? ((String) told).trim() : "";
        if (List.of("true", "True", "TRUE").contains(word)) return true;
        if (List.of("false", "False", "FALSE").contains(word)) return false;
        throw mismatch(boolean.class, told);
    }

    private static char character(Object told) {
        if (told instanceof Number) return (char) within(told, 0, Character.MAX_VALUE);
        if (told instanceof String && ((String) told).length() == 1) return ((String) told).charAt(0);
        throw mismatch(char.class, told);
    }

    private static Date date(Object told) {
        return told instanceof String ? Times.date((String) told) : new Date(within(told, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    private static Calendar calendar(Object told) {
        Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
        calendar.setTime(date(told));
        return calendar;
    }

    /** What names none is nothing; numbers count them. */
    private static Object constant(Object told, Class<?> type) {
        if (told instanceof Map || told instanceof List || told instanceof Boolean || told instanceof BigDecimal) {
            throw mismatch(type, told);
        }
        String name = told.toString().trim();
        Object[] constants = type.getEnumConstants();
        for (Object one : constants) {
            if (((Enum<?>) one).name().equals(name)) return one;
        }
        boolean isPlace = name.matches("\\d{1,9}") && Integer.parseInt(name) < constants.length;
        return isPlace ? constants[Integer.parseInt(name)] : null;
    }

    private static Object joda(Object told, Class<?> type) throws Exception {
        try {
            return type.getMethod("parse", String.class).invoke(null, text(told));
        } catch (InvocationTargetException e) {
            throw mismatch(type, told);
        }
    }
}
