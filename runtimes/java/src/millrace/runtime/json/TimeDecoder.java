package millrace.runtime.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads what `java.time` has: from a text by ISO 8601, a number of seconds, or a list of parts. */
final class TimeDecoder {
    private static final Set<Class<?>> KNOWN = new HashSet<>(Arrays.asList(
            Instant.class, LocalDate.class, LocalTime.class, LocalDateTime.class, OffsetDateTime.class, OffsetTime.class,
            ZonedDateTime.class, Duration.class, Period.class, Year.class, YearMonth.class, MonthDay.class,
            ZoneId.class, ZoneOffset.class));

    private TimeDecoder() {}

    static boolean isKnown(Class<?> type) {
        return KNOWN.contains(type);
    }

    /** @throws RuntimeException when it is none */
    static Object read(Object told, Class<?> type) {
        if (told instanceof String) return text(((String) told).trim(), type);
        if (told instanceof List) return parts((List<?>) told, type);
        if (!(told instanceof Number)) throw ScalarDecoder.mismatch(type, told);
        if (type == Year.class) return Year.of(((Number) told).intValue());
        if (type == LocalDate.class) return LocalDate.ofEpochDay(((Number) told).longValue());
        BigDecimal number = new BigDecimal(told.toString());
        BigInteger seconds = number.toBigInteger();
        int nanos = number.subtract(new BigDecimal(seconds)).movePointRight(9).intValue();
        if (type == Duration.class) return Duration.ofSeconds(seconds.longValueExact(), nanos);
        Instant instant = Instant.ofEpochSecond(seconds.longValueExact(), nanos);
        if (type == Instant.class) return instant;
        if (type == OffsetDateTime.class) return instant.atOffset(ZoneOffset.UTC);
        if (type == ZonedDateTime.class) return instant.atZone(ZoneId.of("UTC"));
        throw ScalarDecoder.mismatch(type, told);
    }

    private static Object text(String text, Class<?> type) {
        switch (type.getSimpleName()) {
            case "Instant":
                return instant(text);
            case "LocalDate":
                return LocalDate.parse(text.length() > 10 ? text.substring(0, text.indexOf('T')) : text);
            case "LocalTime":
                return LocalTime.parse(text);
            case "LocalDateTime":
                return LocalDateTime.parse(text.endsWith("Z") ? text.substring(0, text.length() - 1) : text);
            case "OffsetDateTime":
                return OffsetDateTime.parse(colon(text)).withOffsetSameInstant(ZoneOffset.UTC);
            case "OffsetTime":
                return OffsetTime.parse(text);
            case "ZonedDateTime":
                return ZonedDateTime.parse(colon(text)).withZoneSameInstant(ZoneId.of("UTC"));
            case "Duration":
                return Duration.parse(text);
            case "Period":
                return Period.parse(text);
            case "Year":
                return Year.parse(text);
            case "YearMonth":
                return YearMonth.parse(text);
            case "MonthDay":
                return MonthDay.parse(text);
            case "ZoneOffset":
                return ZoneOffset.of(text);
            default:
                return ZoneId.of(text);
        }
    }

    private static Object parts(List<?> told, Class<?> type) {
        if (told.isEmpty()) return null;
        int[] numbers = new int[7];
        int count = type == OffsetTime.class ? told.size() - 1 : told.size();
        if (count > numbers.length) throw ScalarDecoder.mismatch(type, told);
        for (int i = 0; i < count; i++) {
            if (!(told.get(i) instanceof Integer)) throw ScalarDecoder.mismatch(type, told);
            numbers[i] = (Integer) told.get(i);
        }
        if (type == LocalDate.class && count == 3) return LocalDate.of(numbers[0], numbers[1], numbers[2]);
        if (type == YearMonth.class && count == 2) return YearMonth.of(numbers[0], numbers[1]);
        if (type == LocalTime.class && count >= 2) return LocalTime.of(numbers[0], numbers[1], numbers[2], numbers[3]);
        if (type == LocalDateTime.class && count >= 5) {
            return LocalDateTime.of(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]);
        }
        if (type == OffsetTime.class && count >= 2) {
            LocalTime time = LocalTime.of(numbers[0], numbers[1], numbers[2], numbers[3]);
            return time.atOffset(ZoneOffset.of((String) told.get(count)));
        }
        throw ScalarDecoder.mismatch(type, told);
    }

    private static Instant instant(String text) {
        return text.matches("-?\\d+(\\.\\d+)?") ? (Instant) read(new BigDecimal(text), Instant.class)
                : OffsetDateTime.parse(colon(text)).toInstant();
    }

    /** `+0100` is `+01:00`. */
    private static String colon(String text) {
        return text.replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2");
    }
}
