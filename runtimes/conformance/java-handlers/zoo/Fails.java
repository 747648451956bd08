package zoo;

import java.io.FileNotFoundException;
import java.io.IOError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What can go wrong in a run, by the word that it is given. */
public class Fails {
    public static class SaleException extends Exception {
        public SaleException(String message, Throwable cause) { super(message, cause); }
    }

    public static class Hostile extends RuntimeException {
        public String getMessage() { throw new IllegalStateException("hostile"); }
    }

    public static class Unreadable {
        public String getName() { throw new IllegalStateException("not now"); }
    }

    public String handle(String how) throws Exception {
        switch (how) {
            case "own":
                try {
                    deep();
                } catch (IOException e) {
                    throw new SaleException("no such sale", e);
                }
            case "runtime": throw new IllegalArgumentException("bad");
            case "silent": throw new NullPointerException();
            case "hostile": throw new Hostile();
            case "large": throw new IllegalStateException("x".repeat(8_000_000));
            case "half": throw new IllegalStateException("half \ud800");
            case "loop":
                Exception one = new Exception("one");
                Exception two = new Exception("two", one);
                one.initCause(two);
                throw two;
            case "suppressed":
                Exception outer = new Exception("outer");
                outer.addSuppressed(new Exception("inner"));
                throw outer;
            case "assertion": throw new AssertionError("wrong");
            case "deep": return deeper(0);
            case "io": throw new IOError(new IOException("disk"));
            case "heap": return fill();
            case "exit": System.exit(3);
            case "exit well": System.exit(0);
            case "halt": Runtime.getRuntime().halt(7);
            case "thread":
                Thread thread = new Thread(() -> { throw new IllegalStateException("in a thread"); });
                thread.start();
                thread.join();
                return how;
            case "interrupt":
                Thread.currentThread().interrupt();
                return how;
            default: return Thread.interrupted() + " " + how;
        }
    }

    public static Unreadable unreadable() { return new Unreadable(); }
    public static String needsNumber(int number) { return "" + number; }

    private static void deep() throws IOException { throw new FileNotFoundException("sale.json"); }
    private static String deeper(int level) { return deeper(level + 1) + level; }

    private static String fill() {
        List<byte[]> all = new ArrayList<>();
        for (;;) all.add(new byte[1 << 20]);
    }
}
