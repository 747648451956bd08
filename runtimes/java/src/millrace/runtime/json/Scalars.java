package millrace.runtime.json;

import java.io.File;
import java.net.InetAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Calendar;
import java.util.Currency;
import java.util.Date;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/** Values that are one text or number in JSON, and how they are written there. */
final class Scalars {
    static final String JODA_TIME = "org.joda.time.DateTime";

    private static final Class<?>[] KNOWN = {
        CharSequence.class, Number.class, Boolean.class, Character.class, Enum.class, Date.class, Calendar.class,
        TemporalAccessor.class, TemporalAmount.class, ZoneId.class, UUID.class, URI.class, URL.class, File.class,
        Path.class, Locale.class, Currency.class, Pattern.class, Charset.class, TimeZone.class, InetAddress.class,
        Class.class, AtomicBoolean.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class,
    };

    /** Is written as `null`. */
    private static final StringBuilder ABSENT = new StringBuilder("null");

    private Scalars() {}

    static boolean isKnown(Class<?> type) {
        for (Class<?> known : KNOWN) {
            if (known.isAssignableFrom(type)) return true;
        }
        return type.getName().equals(JODA_TIME);
    }

    /** @return a String, or what is JSON by its own text, or a list of numbers: dates, as Jackson writes them */
    static Object written(Object value) {
        if (value instanceof Double || value instanceof Float) return finite((Number) value);
        if (value instanceof Number || value instanceof Boolean || value instanceof AtomicBoolean) return value;
        if (value instanceof Date) return ((Date) value).getTime();
        if (value instanceof Calendar) return ((Calendar) value).getTimeInMillis();
        if (value instanceof TemporalAccessor && !(value instanceof Enum)) return Times.written((TemporalAccessor) value);
        if (value instanceof Duration) return Times.written((Duration) value);
        if (value instanceof OptionalInt) {
            OptionalInt number = (OptionalInt) value;
            return number.isPresent() ? (Object) number.getAsInt() : ABSENT;
        }
        if (value instanceof OptionalLong) {
            OptionalLong number = (OptionalLong) value;
            return number.isPresent() ? (Object) number.getAsLong() : ABSENT;
        }
        if (value instanceof OptionalDouble) {
            OptionalDouble number = (OptionalDouble) value;
            return number.isPresent() ? finite(number.getAsDouble()) : ABSENT;
        }
        return key(value);
    }

    /** The same as the name of a member. */
    static String key(Object value) {
        if (value instanceof Enum) return ((Enum<?>) value).name();
        if (value instanceof Class) return ((Class<?>) value).getName();
        if (value instanceof Date) return Times.iso(((Date) value).toInstant());
        if (value instanceof Calendar) return Times.iso(((Calendar) value).toInstant());
        if (value instanceof TimeZone) return ((TimeZone) value).getID();
        if (value instanceof File) return ((File) value).getAbsolutePath();
        if (value instanceof Path) return ((Path) value).toUri().toString();
        if (value instanceof InetAddress) return address(((InetAddress) value).toString());
        return value.toString();
    }

    /** A number that is none is a text: JSON has neither NaN nor infinities. */
    private static Object finite(Number number) {
        return Double.isFinite(number.doubleValue()) ? number : number.toString();
    }

    /** `name/1.2.3.4`, where either may be missing. */
    private static String address(String shown) {
        int slash = shown.indexOf('/');
        return slash == 0 ? shown.substring(1) : slash < 0 ? shown : shown.substring(0, slash);
    }
}
