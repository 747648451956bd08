// Turns console calls into Lambda's log lines, `ISO-time \t request id \t LEVEL \t text`, all of them on stdout as
// Lambda's client does (docs/specs/lambda.md section 4). Also prints the runtime's own lines about errors.
'use strict';

const { apply, format, isoTime, replaceAll } = require('./own-copies.cjs');
const { describeForLog } = require('./error-object.cjs');

const LEVELS = {
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  debug: 'DEBUG',
  trace: 'TRACE',
  fatal: 'FATAL',
};

class ConsoleLines {
  /** The run whose lines these are; stays after the run, since stray work belongs to the last one. */
  requestId = 'undefined';
  #output;

  /** @param {import('./output-ledger.cjs').OutputLedger} output */
  constructor(output) {
    this.#output = output;
  }

  /**
   * Replaces the console's printing methods.
   * @param {Console} target
   */
  install(target) {
    for (const method of Object.keys(LEVELS)) {
      const level = LEVELS[method];
      target[method] = (...args) => this.#output.writeConsole(this.#line(level, apply(format, null, args)));
    }
  }

  /**
   * Prints what Lambda prints when a run or the runtime fails.
   * @param {'Invoke Error' | 'Uncaught Exception' | 'Unhandled Promise Rejection'} what
   * @param {unknown} error
   */
  printFailure(what, error) {
    this.#output.write(this.#line('ERROR', `${what} \t${describeForLog(error)}`));
  }

  /**
   * @param {string} level
   * @param {string} text
   * @returns {string} one line, its own line feeds turned into carriage returns
   */
  #line(level, text) {
    return `${replaceAll(`${isoTime()}\t${this.requestId}\t${level}\t${text}`, '\n', '\r')}\n`;
  }
}
Object.freeze(ConsoleLines.prototype);

module.exports = { ConsoleLines };
