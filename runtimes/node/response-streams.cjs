// The global `awslambda` of AWS's runtimes: handlers that write their response to a stream. The stream is
// gathered and is the run's result when it has ended, within the limit of every result; nothing is sent
// before. Called by the lambda convention.
'use strict';

const { isUtf8 } = require('node:buffer');
const { Writable } = require('node:stream');
const { RuntimeError } = require('./error-object.cjs');
const own = require('./own-copies.cjs');

/** AWS's own mark, which other libraries look for. */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const { concat } = Buffer;

class ResponseStream extends Writable {
  /** @type {Buffer[]} */
  #chunks = [];
  #sizeBytes = 0;
  #contentType = 'application/octet-stream';
  #limitBytes;
  /** @type {any} of HttpResponseStream.from */
  #metadata = null;

  /** @param {number} limitBytes */
  constructor(limitBytes) {
    super();
    this.#limitBytes = limitBytes;
  }

  /** @param {string} type */
  setContentType(type) {
    this.#contentType = type;
  }

  /**
   * @override
   * @param {Buffer} chunk
   * @param {BufferEncoding} _encoding
   * @param {(error?: Error | null) => void} done
   */
  _write(chunk, _encoding, done) {
    this.#sizeBytes += chunk.length;
    if (this.#sizeBytes > this.#limitBytes) {
      const limit = `the maximum allowed payload size (${this.#limitBytes} bytes)`;
      done(new RuntimeError('Function.ResponseSizeTooLarge', `The streamed response exceeded ${limit}.`));
      return;
    }
    this.#chunks.push(chunk);
    done();
  }

  /**
   * @param {ResponseStream} stream
   * @param {any} metadata  statusCode, headers, cookies
   */
  static describe(stream, metadata) {
    stream.#metadata = metadata;
    return stream;
  }

  /** @returns {object} as a proxy response */
  result() {
    const bytes = concat(this.#chunks);
    const isText = isUtf8(bytes);
    const { statusCode = 200, headers = {}, cookies } = this.#metadata ?? {};
    return {
      statusCode,
      headers: this.#metadata === null ? { 'Content-Type': this.#contentType } : headers,
      ...(own.isArray(cookies) ? { multiValueHeaders: { 'Set-Cookie': cookies } } : {}),
      body: isText ? own.utf8Slice(bytes, 0, bytes.length) : own.bytesToBase64(bytes),
      isBase64Encoded: !isText,
    };
  }
}

function installResponseStreams() {
  const awslambda = {
    streamifyResponse: (/** @type {any} */ handler) => {
      handler[STREAMING] = 'response';
      return handler;
    },
    HttpResponseStream: { from: ResponseStream.describe },
  };
  Object.defineProperty(globalThis, 'awslambda', { value: awslambda, configurable: true, writable: true });
}

/** @param {Function} handler */
function isStreaming(handler) {
  return /** @type {any} */ (handler)[STREAMING] === 'response';
}

/**
 * @param {number} limitBytes
 * @param {(value: unknown) => void} succeed
 * @param {(error: unknown) => void} fail
 */
function openResponseStream(limitBytes, succeed, fail) {
  const stream = new ResponseStream(limitBytes);
  stream.on('finish', () => succeed(stream.result()));
  stream.on('error', fail);
  return stream;
}

module.exports = { installResponseStreams, isStreaming, openResponseStream };
