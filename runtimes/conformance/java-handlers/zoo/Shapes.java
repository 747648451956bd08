package zoo;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Every shape that a handler may have. */
public class Shapes {
    private int calls;

    public String instance(String in) { return in + ++calls; }
    public static String fixed(String in) { return in + "!"; }
    public String none() { return "none"; }
    public String context(Context context) { return context.getAwsRequestId(); }
    public String both(String in, Context context) { return in + context.getFunctionName(); }
    public void nothing(String in) {}
    public Void boxed(String in) { return null; }
    public String nil(String in) { return null; }
    public void reads(InputStream in) throws IOException { System.out.print(text(in)); }
    public void writes(OutputStream out) throws IOException { put(out, "[\"written\"]"); }
    public void streams(InputStream in, OutputStream out) throws IOException { put(out, "[" + text(in) + "]"); }
    public void readsKnowing(InputStream in, Context context) { System.out.print(context.getAwsRequestId()); }
    public void writesKnowing(OutputStream out, Context context) throws IOException { put(out, "2"); }
    public String all(InputStream in, OutputStream out, Context context) throws IOException {
        put(out, text(in));
        return "ignored";
    }
    public void silent(InputStream in, OutputStream out) {}
    public void noJson(InputStream in, OutputStream out) throws IOException { put(out, "plain text"); }

    public String pick(String in) { return "short"; }
    public String pick(String in, Context context) { return "long"; }
    public String pick(String in, String other) { return "of no use"; }
    public String pick(Context context, String in) { return "of no use"; }
    public String pick(int a, int b, int c, int d) { return "of no use"; }
    public String unfit(String in, String other) { return "of no use"; }
    private String hidden(String in) { return "hidden"; }

    static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    static void put(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    public static class Stream implements RequestStreamHandler {
        public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
            put(out, text(in));
        }
    }

    public static class Objects implements RequestHandler<List<Beans.Sale>, String> {
        public String handleRequest(List<Beans.Sale> sales, Context context) {
            return sales.get(0).getName();
        }
    }

    public interface Step<T, M> extends RequestHandler<M, Map<String, T>> {}

    public abstract static class Half<X> implements Step<Integer, List<X>> {
        public Map<String, Integer> handleRequest(List<X> in, Context context) {
            return Map.of(in.get(0).getClass().getSimpleName(), in.size());
        }
    }

    public static class Deep extends Half<Beans.Sale> {}

    public static class Bounded<T extends Number> implements RequestHandler<T, Object> {
        public Object handleRequest(T in, Context context) { return in; }
    }

    public static class Unbounded<T> implements RequestHandler<T, Object> {
        public Object handleRequest(T in, Context context) { return in; }
    }

    @SuppressWarnings("rawtypes")
    public static class Raw implements RequestHandler {
        public Object handleRequest(Object in, Context context) { return in; }
    }

    public class Inner implements RequestHandler<String, String> {
        public String handleRequest(String in, Context context) { return in; }
    }

    public static class NeedsArgument implements RequestHandler<String, String> {
        public NeedsArgument(String argument) {}
        public String handleRequest(String in, Context context) { return in; }
    }

    public static class ThrowsWhenMade implements RequestHandler<String, String> {
        public ThrowsWhenMade() { throw new IllegalStateException("no key"); }
        public String handleRequest(String in, Context context) { return in; }
    }

    public static class ThrowsWhenLoaded implements RequestHandler<String, String> {
        static { if (true) throw new IllegalStateException("no key"); }
        public String handleRequest(String in, Context context) { return in; }
    }

    public static class LacksClass implements RequestHandler<String, String> {
        static Missing missing = new Missing();
        public String handleRequest(String in, Context context) { return in; }
    }

    public static class Exits implements RequestHandler<String, String> {
        static { System.exit(4); }
        public String handleRequest(String in, Context context) { return in; }
    }
}
