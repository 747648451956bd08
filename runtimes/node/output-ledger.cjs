// Writes the console's lines and keeps account of how many bytes this process has put on stdout and stderr,
// so that the server knows when it holds all output of a run. Counts what JavaScript writes through the
// console and through process.stdout and process.stderr; not what child processes or fs.writeSync put there.
'use strict';

const own = require('./own-copies.cjs');
const { writeAll } = require('./write-all.cjs');

/** @typedef {InstanceType<typeof import('./overlapping-runs.cjs').OverlappingRuns>} OverlappingRuns */

/** @type {readonly { fd: 1 | 2, name: 'stdout' | 'stderr' }[]} */
const STREAMS = [
  { fd: 1, name: 'stdout' },
  { fd: 2, name: 'stderr' },
];

/**
 * @typedef {object} TouchedStream
 * @property {import('node:stream').Writable & { bytesWritten?: number }} stream
 * @property {Function} write   its `write` as it was when first seen
 */

class OutputLedger {
  /** Bytes written directly, by descriptor. */
  #directBytes = [0, 0, 0];
  /** Bytes that don't count, by descriptor. */
  #formerBytes = [0, 0, 0];
  /** @type {(TouchedStream | null)[]} by descriptor; null while nobody has asked for the stream */
  #touched = [null, null, null];
  /** @type {OverlappingRuns | null} where runs overlap: who takes what their code prints */
  #runs = null;
  /** What the process prints is never dropped here: who reads it does that. */
  droppedBytes = 0;

  /** @param {OverlappingRuns} runs  that take what is printed for them from now on */
  shareAmong(runs) {
    this.#runs = runs;
  }

  /**
   * Creating process.stdout costs 1 ms and is left to the first caller that asks for it; that one did must be
   * noticed.
   * @param {NodeJS.Process} process
   */
  watchStreams(process) {
    for (const { fd, name } of STREAMS) {
      const { get: create } = /** @type {{ get: () => any }} */ (own.getOwnPropertyDescriptor(process, name));
      const get = () => this.#touch(fd, own.apply(create, process, []));
      own.defineProperty(process, name, { configurable: true, enumerable: true, get });
    }
  }

  /**
   * @param {1 | 2} fd
   * @param {TouchedStream['stream']} stream
   */
  #touch(fd, stream) {
    if (this.#touched[fd] !== null) return stream;
    if (this.#runs !== null) stream.write = writeForRuns(this.#runs, fd, stream);
    this.#touched[fd] = { stream, write: stream.write };
    return stream;
  }

  /**
   * Writes a line of the user's console. A `process.stdout.write` that the user's code has replaced is
   * called, as Lambda's client calls it.
   * @param {string} text
   */
  writeConsole(text) {
    const touched = this.#touched[1];
    if (touched !== null && touched.stream.write !== touched.write) touched.stream.write(text);
    else this.write(text);
  }

  /**
   * Writes to stdout; behind what the stream still holds, if it holds something.
   * @param {string} text
   */
  write(text) {
    const touched = this.#touched[1];
    if (this.#runs === null && touched !== null && pendingBytes(touched) > 0) {
      own.apply(touched.write, touched.stream, [text]);
      return;
    }
    const bytes = own.bytesOfText(text);
    if (this.#runs?.print(1, bytes) === true) return;
    try {
      writeAll(1, bytes);
      this.#directBytes[1] += bytes.length;
    } catch {
      // Nobody reads stdout any more: a line that can't be written isn't the user's fault and isn't counted.
    }
  }

  /**
   * @param {1 | 2} fd
   * @returns {number} bytes written since the count began, what a stream still holds included
   */
  writtenBytes(fd) {
    const touched = this.#touched[fd];
    const streamBytes = touched === null ? 0 : count(touched.stream.bytesWritten);
    return this.#directBytes[fd] + streamBytes - this.#formerBytes[fd];
  }

  /** What has been written up to now isn't counted any more. */
  startAtZero() {
    this.#formerBytes = [
      0,
      this.#formerBytes[1] + this.writtenBytes(1),
      this.#formerBytes[2] + this.writtenBytes(2),
    ];
  }

  /** Whether a stream still holds bytes that the kernel has not taken. */
  hasPending() {
    return pendingBytes(this.#touched[1]) > 0 || pendingBytes(this.#touched[2]) > 0;
  }

  /**
   * @param {number} boundMs   wait no longer than this
   * @param {() => void} then  called once, later
   */
  whenWritten(boundMs, then) {
    let waiting = 0;
    const timer = own.setTimeout(finish, boundMs);
    function finish() {
      own.clearTimeout(timer);
      waiting = Number.POSITIVE_INFINITY;
      then();
    }
    const written = () => {
      waiting -= 1;
      if (waiting === 0) finish();
    };
    for (let fd = 1; fd <= 2; fd++) {
      const touched = this.#touched[fd];
      if (touched === null || pendingBytes(touched) === 0) continue;
      waiting += 1;
      own.apply(touched.write, touched.stream, ['', written]);
    }
  }
}
Object.freeze(OutputLedger.prototype);

/**
 * The `write` of a standard stream where runs overlap: what the code of a run writes is that run's.
 * @param {OverlappingRuns} runs
 * @param {1 | 2} fd
 * @param {TouchedStream['stream']} stream
 * @returns {any}
 */
function writeForRuns(runs, fd, stream) {
  const { write } = stream;
  /**
   * @this {unknown}
   * @param {unknown} chunk
   * @param {unknown} encoding
   * @param {unknown} written
   */
  return function writeForRun(chunk, encoding, written) {
    const then = typeof encoding === 'function' ? encoding : written;
    const bytes = typeof chunk === 'string' ? own.encodeText(chunk, encoding) : chunk;
    // What is no text and no bytes is refused by Node's own words.
    if (!own.isBytes(bytes) || !runs.print(fd, bytes))
      return own.apply(write, this, [chunk, encoding, written]);
    if (typeof then === 'function') own.nextTick(() => then(null));
    return true;
  };
}

/**
 * @param {TouchedStream | null} touched
 * @returns {number}
 */
function pendingBytes(touched) {
  return touched === null ? 0 : count(touched.stream.writableLength);
}

/**
 * @param {unknown} value  of a property that the user's code may have replaced
 * @returns {number}
 */
function count(value) {
  const number = /** @type {number} */ (value);
  return own.isSafeInteger(number) && number > 0 ? number : 0;
}

module.exports = { OutputLedger };
