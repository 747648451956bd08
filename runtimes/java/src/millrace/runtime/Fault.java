package millrace.runtime;

/** What is wrong with the function as a whole: its words are Lambda's, and it has no frames. */
final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The class of what was thrown, or a name of its own; null: neither. */
    final String type;
    /** As printed; null: nothing was thrown. */
    final String trace;
    /** Whether the function can't be loaded at all, in place of each run failing. */
    final boolean isFatal;

    private Fault(String message, String type, String trace, boolean isFatal) {
        super(message, null, false, false);
        this.type = type;
        this.trace = trace;
        this.isFatal = isFatal;
    }

    private Fault(String message, Throwable thrown, boolean isFatal) {
        this(message, thrown.getClass().getName(), Traces.textOf(thrown), isFatal);
    }

    static Fault of(String message) {
        return new Fault(message, null, null, false);
    }

    /** For what has a name of its own among the errors of runtimes. */
    static Fault ofType(String type, String message) {
        return new Fault(message, type, null, false);
    }

    static Fault of(String message, Throwable thrown) {
        return new Fault(message, thrown, false);
    }

    static Fault of(Throwable thrown) {
        return thrown instanceof Fault ? (Fault) thrown : new Fault(Traces.messageOf(thrown), thrown, false);
    }

    static Fault fatal(String message, Throwable thrown) {
        return new Fault(message, thrown, true);
    }

    static Fault fatal(Throwable thrown) {
        return thrown instanceof Fault ? (Fault) thrown : new Fault(Traces.messageOf(thrown), thrown, true);
    }

    /** As Lambda prints it. */
    String logText() {
        if (type == null && trace == null) return getMessage() + "\n";
        return getMessage() + ": " + (type == null ? "" : type) + "\n" + (trace == null ? "" : trace) + "\n";
    }
}
