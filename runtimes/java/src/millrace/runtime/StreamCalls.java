package millrace.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;

/** A handler that reads and writes bytes. */
final class StreamCalls implements Handler {
    interface Call {
        void run(InputStream input, OutputStream output, Context context) throws Throwable;
    }

    private final Call call;
    private final boolean writes;

    /** @param writes whether it writes an answer; else that is `null` */
    StreamCalls(Call call, boolean writes) {
        this.call = call;
        this.writes = writes;
    }

    static Handler of(RequestStreamHandler handler) {
        return new StreamCalls(new Call() {
            @Override
            public void run(InputStream input, OutputStream output, Context context) throws Throwable {
                handler.handleRequest(input, output, context);
            }
        }, true);
    }

    @Override
    public void run(byte[] event, Answer answer, Context context) throws Throwable {
        call.run(new ByteArrayInputStream(event), answer, context);
        if (!writes) answer.writeNull();
        answer.requireJson();
    }
}
