package millrace.runtime;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Descriptor 3, the socket to the server: reads and writes whole frames. Reads no further than the frame that is asked
 * for: what the server has sent and nobody has read says that a run has not begun.
 */
final class ControlSocket {
    private static final int DESCRIPTOR = 3;

    private final FileInputStream input;
    private final FileOutputStream output;

    /** Java opens no descriptor by its number: the manifest opens the two packages that are reached into here. */
    ControlSocket() throws ReflectiveOperationException {
        FileDescriptor descriptor = new FileDescriptor();
        Field number = FileDescriptor.class.getDeclaredField("fd");
        number.setAccessible(true);
        number.setInt(descriptor, DESCRIPTOR);
        block(descriptor);
        input = new FileInputStream(descriptor);
        output = new FileOutputStream(descriptor);
    }

    /** Whoever made the descriptor may have had it not block; streams of files know nothing of that. */
    static void block(FileDescriptor descriptor) throws ReflectiveOperationException {
        Method configure = Class.forName("sun.nio.ch.IOUtil")
                .getMethod("configureBlocking", FileDescriptor.class, boolean.class);
        configure.invoke(null, descriptor, true);
    }

    /** @return the next frame; null when the server has closed its end */
    Frame read() throws IOException {
        byte[] header = exactly(Frame.HEADER_BYTES);
        if (header == null) return null;
        ByteBuffer fields = Frame.little(ByteBuffer.wrap(header));
        int length = fields.getInt();
        if (length < 0 || length > Frame.LIMIT_BYTES) throw new IOException("frame of " + length + " bytes");
        int type = fields.get() & 0xff;
        byte[] payload = exactly(length);
        byte[] nonce = Arrays.copyOfRange(header, Frame.HEADER_BYTES - Frame.NONCE_BYTES, Frame.HEADER_BYTES);
        return payload == null ? null : new Frame(type, nonce, payload);
    }

    synchronized void send(byte[] frame) throws IOException {
        output.write(frame);
    }

    private byte[] exactly(int size) throws IOException {
        byte[] bytes = new byte[size];
        for (int at = 0; at < size; ) {
            int count = readSome(bytes, at);
            if (count < 0) return null;
            at += count;
        }
        return bytes;
    }

    private int readSome(byte[] bytes, int at) throws IOException {
        try {
            return input.read(bytes, at, bytes.length - at);
        } catch (IOException e) {
            if ("Connection reset by peer".equals(e.getMessage())) return -1;
            throw e;
        }
    }
}
