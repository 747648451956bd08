// What one run prints, where several overlap: sent with the run's nonce, at once, so that no line is another
// run's. Keeps to START's limit by counting what is more in place of sending it. Owned by
// overlapping-runs.cjs, one for each run.
'use strict';

const { encodeLogFrame } = require('../../contract/frames.cjs');
const own = require('./own-copies.cjs');

/** A frame carries no more, so that the other runs' frames come through between them. */
const MOST_FRAME_BYTES = 32 * 1024;

class RunLog {
  #nonce;
  #control;
  #leftBytes;
  /** Bytes that came after the limit and were not sent. */
  droppedBytes = 0;

  /**
   * @param {Buffer} nonce
   * @param {import('./control-socket.cjs').ControlSocket} control
   * @param {number} limitBytes
   */
  constructor(nonce, control, limitBytes) {
    this.#nonce = nonce;
    this.#control = control;
    // The one byte too many shows that something is missing, also where the run doesn't live to say how much.
    this.#leftBytes = limitBytes + 1;
  }

  /**
   * @param {1 | 2} stream
   * @param {Uint8Array} bytes
   */
  write(stream, bytes) {
    const kept = own.min(bytes.length, this.#leftBytes);
    this.droppedBytes += bytes.length - kept;
    this.#leftBytes -= kept;
    for (let at = 0; at < kept; at += MOST_FRAME_BYTES) {
      const piece = own.subarray(bytes, at, own.min(kept, at + MOST_FRAME_BYTES));
      this.#control.send(encodeLogFrame(this.#nonce, stream, piece));
    }
  }
}
Object.freeze(RunLog.prototype);

module.exports = { RunLog };
