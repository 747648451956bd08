// The wire contract between the server and a language runtime inside a sandbox: frames over one inherited
// stream socket (descriptor 3 of the runtime). Plain CommonJS without dependencies, because the oldest engine that
// we ship loads this same file. Both sides read it; nothing else may know the bytes.
//
//   offset  size  what
//   0       4     N, length of the payload, unsigned little-endian
//   4       1     frame type, see FRAME
//   5       8     nonce of the run, random, chosen by the server; zeros in frames about the sandbox itself
//   13      N     payload
//
// Payload of START, READY, INIT_ERROR: one JSON document (UTF-8).
// Payload of INVOKE, RESULT, ERROR: 4 bytes M (unsigned little-endian), M bytes JSON "head", the rest JSON "body".
'use strict';

const HEADER_BYTES = 13;
const NONCE_BYTES = 8;

/** Lambda's own limit for a request or response payload: 6 MiB + 100 bytes (specs/lambda.md section 1). */
const LAMBDA_PAYLOAD_LIMIT_BYTES = 6291556;

const FRAME = Object.freeze({
  /** server -> runtime: {@link StartPayload}; exactly once, first. */
  START: 1,
  /** server -> runtime: head {@link InvokeHead}, body = the event as JSON. */
  INVOKE: 2,
  /** runtime -> server: the handler is loaded: {@link ReadyPayload}. */
  READY: 16,
  /** runtime -> server: the handler can't be loaded: an error object; the runtime then exits. */
  INIT_ERROR: 17,
  /** runtime -> server: head {@link OutcomeHead}, body = the result as JSON. */
  RESULT: 18,
  /** runtime -> server: head {@link OutcomeHead}, body = the error object as JSON. */
  ERROR: 19,
});

/**
 * @typedef {object} StartPayload
 * @property {string} handler       handler string, e.g. `index.handler`
 * @property {string} taskRoot      folder of the user's code inside the sandbox; the working directory
 * @property {Record<string, string>} env  the whole environment of the user's code, replacing what is there
 * @property {string} functionName
 * @property {string} functionVersion      what `context.functionVersion` shows, `$LATEST` for the lambda convention
 * @property {number} memoryMb
 * @property {string} logGroupName
 * @property {string} logStreamName
 * @property {number} resultLimitBytes     a larger result becomes the error `Function.ResponseSizeTooLarge`
 *
 * @typedef {object} InvokeHead
 * @property {string} requestId     the run's id
 * @property {number} deadlineMs    Unix time in ms at which the run will be killed
 * @property {string} functionArn
 *
 * @typedef {object} ReadyPayload
 * @property {string} engine        what really runs, e.g. `node v18.20.8`
 *
 * @typedef {object} OutcomeHead
 * @property {number} stdoutBytes   bytes that the runtime itself has written to stdout since it started
 * @property {number} stderrBytes   the same for stderr: the server reads that far before it closes the run's log
 * @property {boolean} [fatal]      the runtime exits after this frame (uncaught exception, unhandled rejection)
 */

/** A frame whose length field is over what the reader accepts, or whose payload contradicts itself. */
class FrameError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'FrameError';
  }
}

const NO_NONCE = Buffer.alloc(NONCE_BYTES);

/**
 * @param {number} type
 * @param {Buffer} nonce   8 bytes
 * @param {Buffer} payload
 * @returns {Buffer}
 */
function encodeFrame(type, nonce, payload) {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  frame.writeUInt32LE(payload.length, 0);
  frame[4] = type;
  nonce.copy(frame, 5, 0, NONCE_BYTES);
  payload.copy(frame, HEADER_BYTES);
  return frame;
}

/**
 * A frame of two parts, in one allocation: this is the hot path of both sides.
 * @param {number} type
 * @param {Buffer} nonce
 * @param {string} head  JSON text
 * @param {string} body  JSON text
 * @returns {Buffer}
 */
function encodeTwoPartFrame(type, nonce, head, body) {
  const headBytes = Buffer.byteLength(head);
  const bodyBytes = Buffer.byteLength(body);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + 4 + headBytes + bodyBytes);
  frame.writeUInt32LE(4 + headBytes + bodyBytes, 0);
  frame[4] = type;
  nonce.copy(frame, 5, 0, NONCE_BYTES);
  frame.writeUInt32LE(headBytes, HEADER_BYTES);
  frame.write(head, HEADER_BYTES + 4);
  frame.write(body, HEADER_BYTES + 4 + headBytes);
  return frame;
}

/**
 * @param {Buffer} payload  of an INVOKE, RESULT or ERROR frame
 * @returns {{ head: Buffer, body: Buffer }} views, not copies
 * @throws {FrameError} when the head's length points outside the payload
 */
function splitPayload(payload) {
  if (payload.length < 4) throw new FrameError(`two-part payload of ${payload.length} bytes`);
  const headBytes = payload.readUInt32LE(0);
  if (4 + headBytes > payload.length) throw new FrameError(`head of ${headBytes} bytes in ${payload.length}`);
  return { head: payload.subarray(4, 4 + headBytes), body: payload.subarray(4 + headBytes) };
}

/**
 * Cuts a byte stream into frames. Holds at most one frame of `limitBytes` plus one chunk.
 */
class FrameReader {
  /** @param {number} limitBytes the largest payload accepted */
  constructor(limitBytes) {
    this.limitBytes = limitBytes;
    /** @type {Buffer[]} */
    this.chunks = [];
    this.heldBytes = 0;
    this.neededBytes = HEADER_BYTES;
  }

  /**
   * @param {Buffer} chunk
   * @param {(type: number, nonce: Buffer, payload: Buffer) => void} onFrame called once per whole frame, in order
   * @throws {FrameError} when a length is over the limit; the stream is unusable then
   */
  push(chunk, onFrame) {
    this.chunks.push(chunk);
    this.heldBytes += chunk.length;
    if (this.heldBytes < this.neededBytes) return;
    const data = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks, this.heldBytes);
    let at = 0;
    this.neededBytes = HEADER_BYTES;
    while (data.length - at >= HEADER_BYTES) {
      const length = data.readUInt32LE(at);
      if (length > this.limitBytes)
        throw new FrameError(`frame of ${length} bytes, ${this.limitBytes} allowed`);
      if (data.length - at < HEADER_BYTES + length) {
        this.neededBytes = HEADER_BYTES + length;
        break;
      }
      const type = /** @type {number} */ (data[at + 4]);
      const nonce = data.subarray(at + 5, at + HEADER_BYTES);
      const payload = data.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length);
      at += HEADER_BYTES + length;
      onFrame(type, nonce, payload);
    }
    const rest = data.subarray(at);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.heldBytes = rest.length;
  }
}

module.exports = {
  FRAME,
  HEADER_BYTES,
  NONCE_BYTES,
  NO_NONCE,
  LAMBDA_PAYLOAD_LIMIT_BYTES,
  FrameError,
  FrameReader,
  encodeFrame,
  encodeTwoPartFrame,
  splitPayload,
};
