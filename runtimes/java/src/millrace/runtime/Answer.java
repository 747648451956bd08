package millrace.runtime;

import java.io.ByteArrayOutputStream;
import millrace.runtime.json.JsonReader;

/** What a handler writes. Its bytes are sent from where they lie. */
final class Answer extends ByteArrayOutputStream {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    Answer() {
        super(1024);
    }

    synchronized void writeNull() {
        write(NULL, 0, NULL.length);
    }

    /** Of a handler that writes bytes itself: one that wrote none has answered `null`. */
    synchronized void requireJson() {
        if (count == 0) writeNull();
        String problem = JsonReader.problemOf(buf, count);
        if (problem != null) throw Fault.ofType("Runtime.MarshalError", "Unable to marshal response: " + problem);
    }

    /** @return the frame of a result */
    synchronized byte[] frame(byte[] nonce, String head) {
        return Frame.encodeTwoParts(Frame.RESULT, nonce, head, buf, count);
    }
}
