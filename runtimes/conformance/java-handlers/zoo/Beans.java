package zoo;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.Date;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;

/** Types that an event is read as, and an answer written from: each handler answers with what it was given. */
public class Beans {
    public enum Color { RED, GREEN }

    /** Private fields, getters and setters; names that are odd; what isn't public; what only writes or only reads. */
    public static class Sale {
        private String name;
        private int count;
        private boolean paid;
        private Boolean sent;
        private String URL;
        private String xKey;
        private transient String passing = "by";
        private String hidden = "hidden";
        public String open;
        public final String fixed = "fixed";
        public static String shared = "shared";
        private String written;

        public String getName() { return name; }
        public void setName(String name) { this.name = name; }
        public int getCount() { return count; }
        public Sale setCount(int count) { this.count = count; return this; }
        public boolean isPaid() { return paid; }
        public void setPaid(boolean paid) { this.paid = paid; }
        public Boolean getSent() { return sent; }
        public Boolean isSent() { return !sent; }
        public void setSent(Boolean sent) { this.sent = sent; }
        public String getURL() { return URL; }
        public void setURL(String url) { this.URL = url; }
        public String getxKey() { return xKey; }
        public void setxKey(String key) { this.xKey = key; }
        public String getPassing() { return passing; }
        String getInner() { return "inner"; }
        public String getOnlyRead() { return "read " + written; }
        private void setOnlyWritten(String text) { this.written = text; }
        public String get() { return "no property"; }
        public String is() { return "no property"; }
        public String getWith(String argument) { return "no property"; }
    }

    public static class Base<T> {
        private T first;
        public List<T> rest;

        public T getFirst() { return first; }
        public void setFirst(T first) { this.first = first; }
    }

    public static class Sub extends Base<Sale> {
        public String own;
        public Base<Map<String, Color>> nested;
    }

    /** One of each kind. */
    public static class Kinds {
        public byte b;
        public Short s;
        public long l;
        public Long boxed;
        public float f;
        public Double d;
        public char c;
        public Character cc;
        public BigDecimal decimal;
        public BigInteger big;
        public Number number;
        public Object any;
        public byte[] bytes;
        public char[] chars;
        public int[] ints;
        public String[][] grid;
        public List<List<Integer>> lists;
        public Set<Color> colors;
        public Collection<Object> things;
        public Map<Color, Integer> byColor;
        public EnumMap<Color, String> enumMap;
        public SortedMap<Integer, String> sorted;
        public Map<String, List<Sale>> sales;
        public Optional<String> maybe;
        public Color color;
        public UUID id;
        public URI uri;
        public Locale locale;
    }

    public static class Times {
        public Date date;
        public Instant instant;
        public LocalDate day;
        public LocalTime time;
        public LocalDateTime both;
        public OffsetDateTime offset;
        public ZonedDateTime zoned;
        public Duration duration;
        public Period period;
        public Year year;
        public YearMonth month;
    }

    public static class NoDefault {
        public final String name;

        public NoDefault(String name) {
            this.name = name;
        }
    }

    public static class Cycle {
        public Cycle self;
        public Cycle other;
    }

    public static Sale sale(Sale sale) { return sale; }
    public static Sub sub(Sub sub) { return sub; }
    public static Kinds kinds(Kinds kinds) { return kinds; }
    public static Times times(Times times) { return times; }
    public static Map<String, Object> map(Map<String, Object> map) { return map; }
    public static List<Sale> sales(List<Sale> sales) { return sales; }
    public static Object any(Object any) { return any; }
    public static String text(String text) { return text; }
    public static Integer whole(Integer whole) { return whole; }
    public static int primitive(int primitive) { return primitive; }
    public static boolean flag(boolean flag) { return flag; }
    public static double number(double number) { return number; }
    public static BigDecimal decimal(BigDecimal decimal) { return decimal; }
    public static Color color(Color color) { return color; }
    public static byte[] bytes(byte[] bytes) { return bytes; }
    public static NoDefault noDefault(NoDefault bean) { return bean; }
    /** Of what is answered, the properties of the declared class are written. */
    public static Base<Sale> base(Sub sub) { return sub; }

    public static Cycle cycle(boolean direct) {
        Cycle one = new Cycle();
        one.other = direct ? null : new Cycle();
        if (direct) one.self = one;
        else one.other.other = one;
        return one;
    }
}
