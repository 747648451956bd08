// The socket to the server, read one frame at a time and no further: an invocation that the program has not
// asked for stays unread, by which the server knows that it has not begun. Opened by bootstrap.
'use strict';

const net = require('node:net');
const { FrameReader } = require('../../contract/frames.cjs');
const { writeAll } = require('../node/write-all.cjs');

/** The server is trusted to keep its own limits; this one only stops a length field that is nonsense. */
const INCOMING_LIMIT_BYTES = 256 * 1024 * 1024;
/** The server broke the contract; what it then says can't be trusted to be about this run. */
const EXIT_BROKEN_CONTRACT = 70;

/** @typedef {{ type: number, nonce: Buffer, payload: Buffer }} Frame */

class ControlSocket {
  #fd;
  #socket;
  #reader = new FrameReader(INCOMING_LIMIT_BYTES);
  /** @type {((frame: Frame) => void) | null} */
  #waiting = null;

  /** @param {number} fd */
  constructor(fd) {
    this.#fd = fd;
    /** @type {import('node:net').SocketConstructorOpts & { pauseOnCreate: boolean }} */
    const options = { fd, readable: true, writable: false, pauseOnCreate: true };
    this.#socket = new net.Socket(options);
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.pause();
    this.#socket.on('end', () => process.exit(0));
    this.#socket.on('error', () => process.exit(0));
  }

  /** @returns {Promise<Frame>} the next frame; only one may be waited for */
  next() {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#socket.resume();
    });
  }

  /** Nobody waits for the next frame any more: it stays unread. */
  stopWaiting() {
    this.#waiting = null;
    this.#socket.pause();
  }

  /** @param {Buffer} frame  is out when this returns */
  send(frame) {
    try {
      writeAll(this.#fd, frame);
    } catch {
      process.exit(0); // the server has gone: nobody is left to hear
    }
  }

  /**
   * @param {string} reason  for those who read the sandbox's log
   * @returns {never}
   */
  breaks(reason) {
    process.stderr.write(`millrace runtime: ${reason}\n`);
    process.exit(EXIT_BROKEN_CONTRACT);
  }

  /** @param {Buffer} chunk */
  #take(chunk) {
    try {
      this.#reader.push(chunk, (type, nonce, payload) => this.#onFrame({ type, nonce, payload }));
    } catch (error) {
      this.breaks(String(error));
    }
  }

  /** @param {Frame} frame */
  #onFrame(frame) {
    const waiting = this.#waiting;
    if (waiting === null) this.breaks(`frame of type ${frame.type} that nothing waits for`);
    this.#waiting = null;
    this.#socket.pause();
    waiting(frame);
  }
}

module.exports = { ControlSocket };
