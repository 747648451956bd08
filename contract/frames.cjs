// The wire contract between the server and a language runtime inside a sandbox: frames over one inherited
// stream socket (descriptor 3 of the runtime). Plain CommonJS without dependencies, because the oldest engine
// that we ship loads this same file. Both sides read it; nothing else may know the bytes.
//
//   offset  size  what
//   0       4     N, length of the payload, unsigned little-endian
//   4       1     frame type, see FRAME
//   5       8     nonce, random, chosen by the server: that of the run, or in frames about the sandbox itself that of START
//   13      N     payload
//
// Payload of START, READY, INIT_ERROR: one JSON document (UTF-8).
// Payload of INVOKE, RESULT, ERROR, ASK, REPLY: 4 bytes M (unsigned little-endian), M bytes JSON "head", the
// rest JSON "body". Payload of IDLE: a head alone, in the same form. Of LOG: 1 byte, 1 for stdout or 2 for
// stderr, then what was printed. DRAIN, EXITING and BEGUN have none.
//
// In a sandbox the user's code shares this realm, so everything here works on functions taken before it was
// loaded: a patched prototype then can't see a nonce or change a frame.
'use strict';

const { allocUnsafe, byteLength, concat } = Buffer;
const uncurry = Function.prototype.bind.bind(Function.prototype.call);
const utf8Write = uncurry(Buffer.prototype.utf8Write);
const subarray = uncurry(Buffer.prototype.subarray);
const setBytes = uncurry(Uint8Array.prototype.set);

const HEADER_BYTES = 13;
const NONCE_BYTES = 8;

/** Questions of one run that may wait for their answers at a time; a runtime holds back what is more. */
const MOST_ASKS_IN_FLIGHT = 8;
/** Largest arguments of the questions in flight, all together, as JSON. */
const ASK_LIMIT_BYTES = 6 * 1024 * 1024;

/**
 * Lambda's own limit for a request or response payload: 6 MiB + 100 bytes (docs/specs/lambda.md section 1).
 */
const LAMBDA_PAYLOAD_LIMIT_BYTES = 6291556;

const FRAME = Object.freeze({
  /**
   * server -> runtime: {@link StartPayload}; exactly once, first. Its nonce is the sandbox's: it comes back
   * in READY.
   */
  START: 1,
  /** server -> runtime: head {@link InvokeHead}, body = the event as JSON. */
  INVOKE: 2,
  /**
   * server -> runtime: the answer to an ASK, with its run's nonce: head {@link ReplyHead}, body = the result,
   * or an {@link AskError}.
   */
  REPLY: 3,
  /**
   * runtime -> server: the handler is loaded: {@link ReadyPayload}. From a runtime that forks: a child stands
   * by for one run. It comes again after each run, when nothing of that run is left; until then no INVOKE may
   * be sent.
   */
  READY: 16,
  /** runtime -> server: the handler can't be loaded: an error object; the runtime then exits. */
  INIT_ERROR: 17,
  /** runtime -> server: head {@link OutcomeHead}, body = the result as JSON. */
  RESULT: 18,
  /** runtime -> server: head {@link OutcomeHead}, body = the error object as JSON. */
  ERROR: 19,
  /**
   * runtime -> server, during a run and with its nonce: head {@link AskHead}, body = the arguments, a JSON
   * array. Names that START did not list under `globals` are refused, and so are more than
   * MOST_ASKS_IN_FLIGHT at a time; a runtime that goes on asking all the same is ended.
   */
  ASK: 20,
  /**
   * runtime -> server: the work that a run with a `lingers` outcome left is done: head {@link OutcomeHead}.
   */
  IDLE: 21,
  /**
   * runtime -> server, where runs overlap: what the run of this nonce has printed, also when it was answered
   * lately. No more than START's `logLimitBytes` of one run, and one byte that says that there was more; what
   * follows is counted in its outcome's `droppedBytes`.
   */
  LOG: 22,
  /** runtime -> server, with START's nonce: something has gone wrong, no more runs; those in hand go on. */
  DRAIN: 23,
  /** runtime -> server: the code of the run of this nonce ends the process, and all other runs with it. */
  EXITING: 24,
  /**
   * runtime -> server, where runs overlap: written before the code of the run of this nonce is called. Where
   * runs come in turn, an INVOKE that the runtime hasn't read when the socket closes says the opposite
   * (sandbox/unread-invoke.ts), and costs nothing.
   */
  BEGUN: 25,
});

/**
 * @typedef {object} StartPayload
 * @property {string} handler       handler string, e.g. `index.handler`
 * @property {'lambda' | 'body' | 'respond'} convention  how the code is started and called:
 * runtimes/node/conventions.md
 * @property {string} taskRoot      folder of the user's code inside the sandbox; the working directory
 * @property {Record<string, string>} env  the whole environment of the user's code, replacing what is there
 * @property {string} functionName
 * @property {string} functionVersion      what `context.functionVersion` shows, `$LATEST` for the lambda
 * convention
 * @property {number} memoryMb
 * @property {string} logGroupName
 * @property {string} logStreamName
 * @property {number} [concurrency]        runs that it may have in hand at a time; 1 if left out
 * @property {number} [logLimitBytes]      what one run may print by LOG
 * @property {number} resultLimitBytes     a larger result becomes the error `Function.ResponseSizeTooLarge`
 * @property {Record<string, string>} [packages]  name and version of packages beside the code, where they
 * were built apart
 * @property {Readonly<Record<string, string>>} [aliases]  second names of packages, and what they are names
 * of
 * @property {Readonly<Record<string, Readonly<Record<string, string>>>>} [globals]  objects to put on
 * `global`: their functions, each with the
 *   name under which it asks the server, e.g. `{ store: { read: 'key_values.get' } }`
 *
 * @typedef {object} InvokeHead
 * @property {string} requestId     the run's id
 * @property {number} deadlineMs    Unix time in ms at which the run will be killed
 * @property {string} functionArn
 * @property {string | undefined} [traceId]  `Root=…;Parent=…;Sampled=1`, where it is part of a trace
 *
 * @typedef {object} ReadyPayload
 * @property {string} engine        what really runs, e.g. `node v18.20.8`
 * @property {object} [fault]       the error object by which every run will fail: the handler isn't there
 * @property {boolean} [forks]      whether there will be another READY after the run
 * @property {number | null} [exitCode]  status with which the process of the run before ended
 *
 * @typedef {object} OutcomeHead
 * @property {number} stdoutBytes   bytes that the runtime itself has written to stdout since it started
 * @property {number} stderrBytes   the same for stderr: the server reads that far before it closes the run's
 * log
 * @property {boolean} [fatal]      the process of the run exits after this frame (uncaught exception,
 * unhandled rejection)
 * @property {number} [droppedBytes] what the run has printed beyond `logLimitBytes` and the byte after it
 * @property {boolean} [outOfMemory] with `fatal`: the memory of the run's process was full
 * @property {boolean} [lingers]    the run has been answered and its work goes on: IDLE follows, or READY
 * where runs are forks
 *
 * @typedef {object} AskHead
 * @property {number} id            chosen by the runtime, unique among the run's questions in flight
 * @property {string} name          what is asked, one of those in START's `globals`
 *
 * @typedef {object} ReplyHead
 * @property {number} id            of the question
 * @property {boolean} ok           whether the body is a result; else it is an {@link AskError}
 *
 * @typedef {object} AskError
 * @property {string} code
 * @property {string} message       for the author of the user's code
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
 * Exit status of a runtime whose child ended before any of the user's code ran: the platform's fault, proven.
 */
const EXIT_NOT_BEGUN = 75;

/**
 * @param {Buffer} bytes
 * @param {number} at
 * @returns {number}
 */
function readUint32(bytes, at) {
  return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
}

/**
 * @param {Buffer} bytes
 * @param {number} value
 * @param {number} at
 */
function writeUint32(bytes, value, at) {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/**
 * @param {number} type
 * @param {Buffer} nonce
 * @param {number} payloadBytes
 * @returns {Buffer} a frame with its header written and its payload not
 */
function beginFrame(type, nonce, payloadBytes) {
  const frame = allocUnsafe(HEADER_BYTES + payloadBytes);
  writeUint32(frame, payloadBytes, 0);
  frame[4] = type;
  for (let i = 0; i < NONCE_BYTES; i++) frame[5 + i] = nonce[i];
  return frame;
}

/**
 * @param {number} type
 * @param {Buffer} nonce   8 bytes
 * @param {Buffer} payload
 * @returns {Buffer}
 */
function encodeFrame(type, nonce, payload) {
  const frame = beginFrame(type, nonce, payload.length);
  setBytes(frame, payload, HEADER_BYTES);
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
  const headBytes = byteLength(head);
  const bodyBytes = byteLength(body);
  const frame = beginFrame(type, nonce, 4 + headBytes + bodyBytes);
  writeUint32(frame, headBytes, HEADER_BYTES);
  utf8Write(frame, head, HEADER_BYTES + 4, headBytes);
  if (bodyBytes > 0) utf8Write(frame, body, HEADER_BYTES + 4 + headBytes, bodyBytes);
  return frame;
}

/**
 * @param {Buffer} nonce
 * @param {1 | 2} stream
 * @param {Uint8Array} bytes
 * @returns {Buffer} a LOG
 */
function encodeLogFrame(nonce, stream, bytes) {
  const frame = beginFrame(FRAME.LOG, nonce, 1 + bytes.length);
  frame[HEADER_BYTES] = stream;
  setBytes(frame, bytes, HEADER_BYTES + 1);
  return frame;
}

/**
 * @param {Buffer} payload  of two parts
 * @returns {{ head: Buffer, body: Buffer }} views, not copies
 * @throws {FrameError} when the head's length points outside the payload
 */
function splitPayload(payload) {
  if (payload.length < 4) throw new FrameError(`two-part payload of ${payload.length} bytes`);
  const headBytes = readUint32(payload, 0);
  if (4 + headBytes > payload.length) throw new FrameError(`head of ${headBytes} bytes in ${payload.length}`);
  return { head: subarray(payload, 4, 4 + headBytes), body: subarray(payload, 4 + headBytes) };
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
   * @param {(type: number, nonce: Buffer, payload: Buffer) => void} onFrame called once per whole frame, in
   * order
   * @throws {FrameError} when a length is over the limit; the stream is unusable then
   */
  push(chunk, onFrame) {
    this.chunks[this.chunks.length] = chunk;
    this.heldBytes += chunk.length;
    if (this.heldBytes < this.neededBytes) return;
    const data = this.chunks.length === 1 ? chunk : concat(this.chunks, this.heldBytes);
    let at = 0;
    this.neededBytes = HEADER_BYTES;
    while (data.length - at >= HEADER_BYTES) {
      const length = readUint32(data, at);
      if (length > this.limitBytes)
        throw new FrameError(`frame of ${length} bytes, ${this.limitBytes} allowed`);
      if (data.length - at < HEADER_BYTES + length) {
        this.neededBytes = HEADER_BYTES + length;
        break;
      }
      const type = /** @type {number} */ (data[at + 4]);
      const nonce = subarray(data, at + 5, at + HEADER_BYTES);
      const payload = subarray(data, at + HEADER_BYTES, at + HEADER_BYTES + length);
      at += HEADER_BYTES + length;
      onFrame(type, nonce, payload);
    }
    const rest = subarray(data, at);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.heldBytes = rest.length;
  }
}
Object.freeze(FrameReader.prototype);

module.exports = {
  FRAME,
  HEADER_BYTES,
  NONCE_BYTES,
  NO_NONCE,
  EXIT_NOT_BEGUN,
  LAMBDA_PAYLOAD_LIMIT_BYTES,
  MOST_ASKS_IN_FLIGHT,
  ASK_LIMIT_BYTES,
  FrameError,
  FrameReader,
  encodeFrame,
  encodeLogFrame,
  encodeTwoPartFrame,
  splitPayload,
};
