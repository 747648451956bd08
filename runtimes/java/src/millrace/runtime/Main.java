package millrace.runtime;

/**
 * Entry of the Java runtime inside a sandbox: `java -jar runtime.jar`, with descriptor 3 a Unix stream socket to the
 * server. Speaks the frames of contract/frames.cjs. Waits for START, loads the handler, then takes one run after another:
 *
 *   waiting --START--> loading --loaded--> ready --INVOKE--> running --answered--> ready ...
 *                         |
 *                         v
 *                 INIT_ERROR, exit
 */
public final class Main {
    /** The server broke the contract; what it then says can't be trusted to be about this run. */
    private static final int EXIT_BROKEN_CONTRACT = 70;
    private static final int EXIT_INIT_ERROR = 1;

    private Main() {}

    /** Ends when the server closes its end, or by what the code of the function does; with `try` at once: it can run. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("try")) return;
        ControlSocket socket = new ControlSocket();
        Output output = Output.install();
        Frame first = socket.read();
        if (first == null) System.exit(0);
        if (first.type != Frame.START) endBroken("frame of type " + first.type + " in place of START");
        StartedFunction function = new StartedFunction(first.payload, output);
        if (!function.load(socket, first.nonce)) System.exit(EXIT_INIT_ERROR);
        for (Frame frame = socket.read(); frame != null; frame = socket.read()) {
            if (frame.type != Frame.INVOKE) endBroken("frame of type " + frame.type + " while ready");
            boolean goesOn = function.run(socket, frame);
            if (!goesOn) System.exit(1);
        }
        System.exit(0);
    }

    private static void endBroken(String reason) {
        System.err.print("millrace runtime: " + reason + "\n");
        Runtime.getRuntime().halt(EXIT_BROKEN_CONTRACT);
    }
}
