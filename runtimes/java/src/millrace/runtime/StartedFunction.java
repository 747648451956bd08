package millrace.runtime;

import com.amazonaws.services.lambda.runtime.LambdaRuntimeInternal;
import java.io.ByteArrayOutputStream;
import java.io.IOError;
import java.io.IOException;
import java.util.Map;
import millrace.runtime.json.JsonEncoder;
import millrace.runtime.json.JsonReader;

/** The function of this process: loads its handler, and has it do one run after another. */
final class StartedFunction {
    private static final String TRACE_PROPERTY = "com.amazonaws.xray.traceHeader";
    private static final String ENGINE = "java " + System.getProperty("java.version");

    private final Start start;
    private final Output output;
    private ClassLoader code;
    private FunctionLogger logger;
    private Handler handler;

    StartedFunction(byte[] payload, Output output) {
        this.start = new Start(payload);
        this.output = output;
    }

    /** Says READY, or why not. @return whether the handler is loaded */
    boolean load(ControlSocket socket, byte[] nonce) throws IOException {
        try {
            enter();
            handler = HandlerFinder.find(start.handler, start.taskRoot, code);
        } catch (Throwable thrown) {
            Fault fault = Fault.fatal(thrown);
            if (logger == null) System.out.print(fault.logText());
            else logger.logError(fault.logText());
            socket.send(Frame.encode(Frame.INIT_ERROR, nonce, json(Traces.errorObject(fault))));
            return false;
        }
        socket.send(Frame.encode(Frame.READY, nonce, json(ready())));
        return true;
    }

    private Map<String, Object> ready() {
        if (!(handler instanceof FaultyHandler)) return Map.of("engine", ENGINE);
        return Map.of("engine", ENGINE, "fault", Traces.errorObject(((FaultyHandler) handler).fault));
    }

    /** Makes the process the function's own. */
    private void enter() throws ReflectiveOperationException, IOException {
        FunctionEnvironment.replace(start.environment);
        code = CodeLoader.open(start.taskRoot);
        Thread.currentThread().setContextClassLoader(code);
        logger = new FunctionLogger(start.environment);
        logger.install();
    }

    /** @return whether the process can take another run */
    boolean run(ControlSocket socket, Frame invoke) throws IOException {
        Map<?, ?> head = (Map<?, ?>) new JsonReader(invoke.head()).read();
        RunContext context = new RunContext(start, head);
        logger.startRun(context.getAwsRequestId());
        showTrace(context.getXrayTraceId());
        if (LambdaRuntimeInternal.getUseLog4jAppender()) Log4jContext.put(code, context.getAwsRequestId());
        try {
            Answer answer = new Answer();
            handler.run(invoke.body(), answer, context);
            requireSize(answer.size());
            socket.send(answer.frame(invoke.nonce, output.counts() + "}"));
            // The code of the function may have set it.
            Thread.interrupted();
            return true;
        } catch (Throwable thrown) {
            return tellError(socket, invoke.nonce, thrown);
        }
    }

    /** The property by which Lambda's tools know the trace of the run that goes on. */
    private static void showTrace(String traceId) {
        if (traceId == null) System.clearProperty(TRACE_PROPERTY);
        else System.setProperty(TRACE_PROPERTY, traceId);
    }

    private boolean tellError(ControlSocket socket, byte[] nonce, Throwable thrown) throws IOException {
        Traces.withoutOwnFrames(thrown);
        Fault fault = Fault.of(thrown);
        boolean isEnd = thrown instanceof VirtualMachineError || thrown instanceof IOError || fault.isFatal;
        logger.logError(fault.logText());
        String head = output.counts()
                + (isEnd ? ",\"fatal\":true" : "")
                + (isOutOfMemory(thrown) ? ",\"outOfMemory\":true" : "")
                + "}";
        byte[] body = json(Traces.errorObject(thrown));
        socket.send(Frame.encodeTwoParts(Frame.ERROR, nonce, head, body, body.length));
        return !isEnd;
    }

    private void requireSize(int size) {
        if (size <= start.resultLimitBytes) return;
        throw Fault.ofType("Function.ResponseSizeTooLarge", "Response payload size exceeded maximum allowed payload size ("
                + start.resultLimitBytes + " bytes).");
    }

    /** Of the memory, that is, and not of threads, for which Java has the same class. */
    private static boolean isOutOfMemory(Throwable thrown) {
        return thrown instanceof OutOfMemoryError && !Traces.messageOf(thrown).contains("thread");
    }

    private static byte[] json(Map<String, ?> members) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JsonEncoder(bytes).writeMembers(members);
        return bytes.toByteArray();
    }
}
