// The function's program: started once, its output passed on as it comes and counted. When it ends, this
// process ends in the same way. Started by bootstrap.
'use strict';

const { spawn } = require('node:child_process');
const { writeAll } = require('../node/write-all.cjs');

/** A program that is killed ends this process so, too; where that can't be, as a shell says it. */
const SIGNAL_STATUS = 128;
const SIGNALS = require('node:os').constants.signals;

/** How long the end of a program is waited for whose connection has broken. */
const LOOKS = 20;
const LOOK_EVERY_MS = 10;

class Program {
  /** By descriptor. */
  #writtenBytes = [0, 0, 0];
  #chunks = 0;
  #hasEnded = false;

  /**
   * @param {import('./find-program.cjs').Program} program
   * @param {import('../../contract/frames.cjs').StartPayload} settings
   * @param {Record<string, string>} variables  that it finds besides its own, where it has none of that name
   */
  start({ file, args, variables: usual }, settings, variables) {
    const child = spawn(file, args, {
      cwd: settings.taskRoot,
      env: { ...usual, ...variables, ...settings.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk) => this.#pass(1, chunk));
    child.stderr.on('data', (chunk) => this.#pass(2, chunk));
    // Where there is no jail that ends with this process.
    process.on('exit', () => child.kill('SIGKILL'));
    child.on('error', (error) => {
      this.#pass(2, Buffer.from(`${file} can't be started: ${error.message}\n`));
      process.exit(1);
    });
    // What it has printed comes first: its streams have ended by then, or one of its children holds them.
    child.on('exit', (code, signal) => {
      this.#hasEnded = true;
      void this.printed().then(() => endLike(code, signal));
    });
  }

  /** Whether it has ended, or does within a moment: then this process ends as well. */
  async ends() {
    for (let look = 0; look < LOOKS && !this.#hasEnded; look++)
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    return this.#hasEnded;
  }

  /**
   * Resolves when all that was printed before is passed on: a whole turn of the event loop brought nothing
   * more.
   */
  async printed() {
    for (let before = -1; before !== this.#chunks; ) {
      before = this.#chunks;
      await turn();
      await turn();
    }
  }

  /** @returns {string} JSON of an outcome's head */
  counts() {
    return `{"stdoutBytes":${this.#writtenBytes[1]},"stderrBytes":${this.#writtenBytes[2]}}`;
  }

  /**
   * @param {1 | 2} fd
   * @param {Buffer} chunk
   */
  #pass(fd, chunk) {
    this.#chunks += 1;
    try {
      writeAll(fd, chunk);
      this.#writtenBytes[fd] += chunk.length;
    } catch {
      // Nobody reads it any more.
    }
  }
}

function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function endLike(code, signal) {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // A signal that this process doesn't die of.
  setTimeout(() => process.exit(SIGNAL_STATUS + SIGNALS[signal]), 100);
}

module.exports = { Program };
