package millrace.runtime.json;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;

/** Points in time and what else `java.time` has, as JSON: seconds with nine decimals, or lists of their parts. */
final class Times {
    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXXX", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Times() {}

    static Object written(TemporalAccessor time) {
        if (time instanceof Instant) return seconds(((Instant) time).getEpochSecond(), ((Instant) time).getNano());
        if (time instanceof ZonedDateTime) return written(((ZonedDateTime) time).toInstant());
        if (time instanceof OffsetDateTime) return written(((OffsetDateTime) time).toInstant());
        if (time instanceof Year) return ((Year) time).getValue();
        List<Object> parts = new ArrayList<>();
        if (time instanceof LocalDate) addDate((LocalDate) time, parts);
        else if (time instanceof LocalTime) addTime((LocalTime) time, parts);
        else if (time instanceof LocalDateTime) {
            addDate(((LocalDateTime) time).toLocalDate(), parts);
            addTime(((LocalDateTime) time).toLocalTime(), parts);
        } else if (time instanceof OffsetTime) {
            addTime(((OffsetTime) time).toLocalTime(), parts);
            parts.add(((OffsetTime) time).getOffset().toString());
        } else if (time instanceof YearMonth) {
            parts.add(((YearMonth) time).getYear());
            parts.add(((YearMonth) time).getMonthValue());
        } else return time.toString();
        return parts;
    }

    static Object written(Duration duration) {
        return seconds(duration.getSeconds(), duration.getNano());
    }

    private static BigDecimal seconds(long seconds, int nanos) {
        if (seconds == 0 && nanos == 0) return BigDecimal.ZERO.setScale(1);
        return BigDecimal.valueOf(seconds).add(BigDecimal.valueOf(nanos, 9)).setScale(9);
    }

    private static void addDate(LocalDate date, List<Object> parts) {
        parts.add(date.getYear());
        parts.add(date.getMonthValue());
        parts.add(date.getDayOfMonth());
    }

    private static void addTime(LocalTime time, List<Object> parts) {
        parts.add(time.getHour());
        parts.add(time.getMinute());
        if (time.getSecond() > 0 || time.getNano() > 0) parts.add(time.getSecond());
        if (time.getNano() > 0) parts.add(time.getNano());
    }

    static String iso(Instant instant) {
        return ISO.format(instant).replace("Z", "+00:00");
    }

    /** @param text as written by ISO 8601, or as HTTP writes dates @throws DateTimeException */
    static Date date(String text) {
        try {
            return Date.from(instant(text));
        } catch (DateTimeException e) {
            return Date.from(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        }
    }

    private static Instant instant(String text) {
        if (text.length() == 10) return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        String zoned = text.replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2");
        if (zoned.matches(".*([+-]\\d\\d:\\d\\d|Z)$")) return OffsetDateTime.parse(zoned).toInstant();
        return LocalDateTime.parse(zoned).toInstant(ZoneOffset.UTC);
    }
}
