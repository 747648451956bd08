package millrace.runtime;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is told of a Throwable: the error object of Lambda's client, without frames of ours. */
final class Traces {
    private static final String OWN_PACKAGE = Traces.class.getPackage().getName() + ".";
    /** As in runtimes/node/error-object.cjs: a frame to the server has an end, and so has the list that shows errors. */
    private static final int MESSAGE_LIMIT = 256 * 1024;
    private static final int TYPE_LIMIT = 1024;
    private static final int TRACE_LIMIT = 256 * 1024;

    private Traces() {}

    /** @return members of the error object */
    static Map<String, Object> errorObject(Throwable thrown) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("errorMessage", cut(thrown instanceof Fault ? thrown.getMessage() : messageOf(thrown), MESSAGE_LIMIT));
        if (thrown instanceof Fault) {
            String type = ((Fault) thrown).type;
            told.put("errorType", cut(type == null ? "Runtime.BadFunctionCode" : type, TYPE_LIMIT));
        } else {
            told.put("errorType", cut(thrown.getClass().getName(), TYPE_LIMIT));
            told.put("stackTrace", frames(thrown));
        }
        return told;
    }

    /** Its own words, or its class where it has none. */
    static String messageOf(Throwable thrown) {
        String message = null;
        try {
            message = thrown.getLocalizedMessage();
        } catch (RuntimeException e) {
            // The code of a function wrote that method.
        }
        return message == null ? thrown.getClass().getName() : message;
    }

    static String textOf(Throwable thrown) {
        withoutOwnFrames(thrown);
        StringWriter text = new StringWriter();
        try {
            thrown.printStackTrace(new PrintWriter(text));
        } catch (RuntimeException e) {
            text.write(thrown.getClass().getName() + "\n");
        }
        return text.toString();
    }

    /** Cuts what lies below the function's code off, in causes as well. @return the same */
    static <T extends Throwable> T withoutOwnFrames(T thrown) {
        cutFrames(thrown, Collections.newSetFromMap(new IdentityHashMap<>()));
        return thrown;
    }

    private static void cutFrames(Throwable thrown, Set<Throwable> seen) {
        if (thrown == null || !seen.add(thrown)) return;
        StackTraceElement[] frames = thrown.getStackTrace();
        for (int at = 0; at < frames.length; at++) {
            if (!frames[at].getClassName().startsWith(OWN_PACKAGE)) continue;
            thrown.setStackTrace(Arrays.copyOf(frames, at));
            break;
        }
        cutFrames(thrown.getCause(), seen);
        for (Throwable suppressed : thrown.getSuppressed()) cutFrames(suppressed, seen);
    }

    private static List<String> frames(Throwable thrown) {
        List<String> kept = new ArrayList<>();
        int left = TRACE_LIMIT;
        for (StackTraceElement frame : thrown.getStackTrace()) {
            String text = frame.toString();
            left -= text.length();
            if (left < 0) break;
            kept.add(text);
        }
        return kept;
    }

    /** Not between the halves of a character. */
    private static String cut(String text, int limit) {
        if (text == null || text.length() <= limit) return text;
        return text.substring(0, Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit);
    }
}
