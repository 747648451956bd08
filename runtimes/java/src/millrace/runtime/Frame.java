package millrace.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One frame of contract/frames.cjs. Knows its bytes and nothing of what it means. */
final class Frame {
    static final int START = 1;
    static final int INVOKE = 2;
    static final int READY = 16;
    static final int INIT_ERROR = 17;
    static final int RESULT = 18;
    static final int ERROR = 19;

    /** Length of the payload, type, nonce. */
    static final int HEADER_BYTES = 13;
    static final int NONCE_BYTES = 8;
    /** The server keeps its own limits; this one only stops a length field that is nonsense. */
    static final int LIMIT_BYTES = 256 * 1024 * 1024;

    final int type;
    final byte[] nonce;
    final byte[] payload;

    Frame(int type, byte[] nonce, byte[] payload) {
        this.type = type;
        this.nonce = nonce;
        this.payload = payload;
    }

    /** The head of a payload of two parts. */
    byte[] head() {
        return Arrays.copyOfRange(payload, 4, 4 + headBytes());
    }

    /** What follows the head. */
    byte[] body() {
        return Arrays.copyOfRange(payload, 4 + headBytes(), payload.length);
    }

    private int headBytes() {
        return little(ByteBuffer.wrap(payload)).getInt();
    }

    static byte[] encode(int type, byte[] nonce, byte[] payload) {
        return little(ByteBuffer.allocate(HEADER_BYTES + payload.length))
                .putInt(payload.length).put((byte) type).put(nonce).put(payload).array();
    }

    /** In one allocation: `body` may be large. */
    static byte[] encodeTwoParts(int type, byte[] nonce, String head, byte[] body, int bodyBytes) {
        byte[] headBytes = head.getBytes(StandardCharsets.UTF_8);
        int payloadBytes = 4 + headBytes.length + bodyBytes;
        return little(ByteBuffer.allocate(HEADER_BYTES + payloadBytes))
                .putInt(payloadBytes).put((byte) type).put(nonce)
                .putInt(headBytes.length).put(headBytes).put(body, 0, bodyBytes).array();
    }

    static ByteBuffer little(ByteBuffer buffer) {
        return buffer.order(ByteOrder.LITTLE_ENDIAN);
    }
}
