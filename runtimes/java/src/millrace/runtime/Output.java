package millrace.runtime;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UnsupportedEncodingException;

/**
 * Standard output and error of the function's code, unbuffered, and how many bytes each has had: by that the server
 * knows when it holds all output of a run. What child processes and libraries in C write is not counted.
 */
final class Output {
    private final CountedStream stdout = new CountedStream(FileDescriptor.out);
    private final CountedStream stderr = new CountedStream(FileDescriptor.err);

    /** Puts the two in place of what the JVM has opened. */
    static Output install() throws ReflectiveOperationException, UnsupportedEncodingException {
        Output output = new Output();
        ControlSocket.block(FileDescriptor.out);
        ControlSocket.block(FileDescriptor.err);
        System.setOut(new PrintStream(output.stdout, false, "UTF-8"));
        System.setErr(new PrintStream(output.stderr, false, "UTF-8"));
        return output;
    }

    /** The head of an outcome, without its closing brace. */
    String counts() {
        return "{\"stdoutBytes\":" + stdout.count() + ",\"stderrBytes\":" + stderr.count();
    }

    private static final class CountedStream extends OutputStream {
        private final FileOutputStream inner;
        private long writtenBytes;

        CountedStream(FileDescriptor descriptor) {
            inner = new FileOutputStream(descriptor);
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            inner.write(bytes, offset, length);
            writtenBytes += length;
        }

        synchronized long count() {
            return writtenBytes;
        }
    }
}
