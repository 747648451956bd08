package millrace.runtime.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON in UTF-8 as maps, lists, texts, numbers, booleans and nulls. Whole numbers are an Integer, Long or
 * BigInteger, whichever holds them; others a BigDecimal, so that nothing is lost before a type is known.
 */
public final class JsonReader {
    private static final int MOST_LEVELS = 1000;
    /** Work on a number grows with the square of its length. */
    private static final int MOST_DIGITS = 1000;
    private static final int MOST_SCALE = 100_000;

    private final byte[] text;
    private final int end;
    private int at;

    public JsonReader(byte[] text) {
        this(text, text.length);
    }

    private JsonReader(byte[] text, int end) {
        this.text = text;
        this.end = end;
    }

    /** @throws JsonException */
    public Object read() {
        return whole(true);
    }

    /** @return why the bytes are no JSON; null: they are */
    public static String problemOf(byte[] text, int size) {
        try {
            new JsonReader(text, size).whole(false);
            return null;
        } catch (JsonException e) {
            return e.getMessage();
        }
    }

    /** @param keeps whether the value is wanted; else it is only looked at */
    private Object whole(boolean keeps) {
        Object value = value(keeps, 0);
        skipSpace();
        if (at < end) throw unexpected();
        return value;
    }

    private Object value(boolean keeps, int level) {
        skipSpace();
        if (at >= end) throw unexpected();
        switch (text[at]) {
            case '{':
                return object(keeps, deeper(level));
            case '[':
                return array(keeps, deeper(level));
            case '"':
                return string(keeps);
            case 't':
                return word("true", Boolean.TRUE);
            case 'f':
                return word("false", Boolean.FALSE);
            case 'n':
                return word("null", null);
            default:
                return number(keeps);
        }
    }

    private static int deeper(int level) {
        if (level >= MOST_LEVELS) throw new JsonException("more than " + MOST_LEVELS + " levels");
        return level + 1;
    }

    private Map<String, Object> object(boolean keeps, int level) {
        Map<String, Object> members = keeps ? new LinkedHashMap<>() : null;
        at++;
        if (follows('}')) return members;
        do {
            skipSpace();
            if (at >= end || text[at] != '"') throw unexpected();
            String name = string(keeps);
            require(':');
            Object value = value(keeps, level);
            if (keeps) members.put(name, value);
        } while (follows(','));
        require('}');
        return members;
    }

    private List<Object> array(boolean keeps, int level) {
        List<Object> items = keeps ? new ArrayList<>() : null;
        at++;
        if (follows(']')) return items;
        do {
            Object value = value(keeps, level);
            if (keeps) items.add(value);
        } while (follows(','));
        require(']');
        return items;
    }

    private String string(boolean keeps) {
        int begin = ++at;
        boolean isAscii = true;
        while (at < end && text[at] != '"' && text[at] != '\\') {
            if (text[at] >= 0 && text[at] < ' ') throw unexpected();
            isAscii &= text[at] >= 0;
            at++;
        }
        if (at < end && text[at] == '"') {
            int size = at++ - begin;
            if (!isAscii) return utf8(begin, size);
            return keeps ? new String(text, begin, size, StandardCharsets.ISO_8859_1) : null;
        }
        StringBuilder built = new StringBuilder(utf8(begin, at - begin));
        while (at < end && text[at] != '"') piece(built);
        if (at >= end) throw unexpected();
        at++;
        return built.toString();
    }

    /** What follows up to the next escape or the end, or one escape. */
    private void piece(StringBuilder built) {
        int begin = at;
        while (at < end && text[at] != '"' && text[at] != '\\') {
            if (text[at] >= 0 && text[at] < ' ') throw unexpected();
            at++;
        }
        if (at > begin) {
            built.append(utf8(begin, at - begin));
            return;
        }
        if (++at >= end) throw unexpected();
        int place = "\"\\/bfnrtu".indexOf(text[at]);
        if (place < 0) throw unexpected();
        at++;
        built.append(place < 8 ? "\"\\/\b\f\n\r\t".charAt(place) : hexadecimal());
    }

    private char hexadecimal() {
        int code = 0;
        for (int left = 4; left > 0; left--) {
            int digit = at < end ? Character.digit(text[at], 16) : -1;
            if (digit < 0) throw unexpected();
            code = code * 16 + digit;
            at++;
        }
        return (char) code;
    }

    private String utf8(int begin, int size) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text, begin, size)).toString();
        } catch (CharacterCodingException e) {
            throw new JsonException("invalid UTF-8 near byte " + begin);
        }
    }

    private Object number(boolean keeps) {
        int begin = at;
        boolean isWhole = true;
        if (at < end && text[at] == '-') at++;
        int first = at;
        digits();
        if (text[first] == '0' && at > first + 1) throw unexpected();
        if (at < end && text[at] == '.') {
            isWhole = false;
            at++;
            digits();
        }
        if (at < end && (text[at] | 0x20) == 'e') {
            isWhole = false;
            at++;
            if (at < end && (text[at] == '+' || text[at] == '-')) at++;
            digits();
        }
        if (at - begin > MOST_DIGITS) throw new JsonException("a number of more than " + MOST_DIGITS + " digits");
        if (!keeps) return null;
        String written = new String(text, begin, at - begin, StandardCharsets.ISO_8859_1);
        return isWhole ? wholeNumber(written) : decimal(written);
    }

    private static Number wholeNumber(String written) {
        if (written.length() > 18) {
            BigInteger number = new BigInteger(written);
            return number.bitLength() < 64 ? (Number) number.longValue() : number;
        }
        long number = Long.parseLong(written);
        if (number == 0 && written.charAt(0) == '-') return 0;
        return number == (int) number ? (Number) (int) number : (Number) number;
    }

    private static Number decimal(String written) {
        try {
            BigDecimal number = new BigDecimal(written);
            // A BigDecimal knows no zero below zero.
            if (number.signum() == 0 && written.charAt(0) == '-') return -0.0;
            if (Math.abs((long) number.scale()) > MOST_SCALE) throw new JsonException("a number beyond all scales");
            return number;
        } catch (NumberFormatException e) {
            throw new JsonException("a number beyond all scales");
        }
    }

    private void digits() {
        int begin = at;
        while (at < end && text[at] >= '0' && text[at] <= '9') at++;
        if (at == begin) throw unexpected();
    }

    private Object word(String word, Object value) {
        for (int i = 0; i < word.length(); i++, at++) {
            if (at >= end || text[at] != word.charAt(i)) throw unexpected();
        }
        return value;
    }

    private boolean follows(char wanted) {
        skipSpace();
        if (at >= end || text[at] != wanted) return false;
        at++;
        return true;
    }

    private void require(char wanted) {
        if (!follows(wanted)) throw unexpected();
    }

    private void skipSpace() {
        while (at < end && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) at++;
    }

    private JsonException unexpected() {
        return new JsonException(at >= end ? "it ends too early" : "unexpected byte at " + at);
    }
}
