// Plays whole runs in the template, from the frame on a socket to the answer, with a handler of our own. What
// a run needs of Node and of this runtime is then compiled and linked before the fork: a child would
// otherwise do that again for every run, in memory of its own. Called by template.cjs, before anything of the
// user's is loaded.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { FRAME, NO_NONCE, encodeTwoPartFrame } = require('../../contract/frames.cjs');
const { ConsoleLines } = require('./console-lines.cjs');
const { openControlSocket } = require('./control-socket.cjs');
const { loadHandler } = require('./handler.cjs');
const { SingleRun } = require('./single-run.cjs');

/** @typedef {InstanceType<typeof import('./output-ledger.cjs').OutputLedger>} OutputLedger */

/** Enough for V8 to have made up its mind about what is called once in a run. */
const TIMES = 5;
const HEAD = '{"requestId":"rehearsal","deadlineMs":0,"functionArn":""}';
const EVENT = '{"headers":{"host":"localhost"},"body":"text","requestContext":{"stage":"live"}}';

const TASK_ROOT = path.join(__dirname, 'rehearsal');
const START = /** @type {import('../../contract/frames.cjs').StartPayload} */ ({
  ...{
    handler: 'handler.handler',
    convention: 'lambda',
    taskRoot: TASK_ROOT,
    env: {},
    memoryMb: 128,
    resultLimitBytes: 1024 * 1024,
  },
  ...{ functionName: '', functionVersion: '', logGroupName: '', logStreamName: '' },
});

/**
 * @param {OutputLedger} output
 * @param {() => [number, number]} openSocketPair
 */
async function rehearse(output, openSocketPair) {
  const lines = new ConsoleLines(/** @type {any} */ ({ writeConsole() {}, write() {} }));
  for (let i = 0; i < TIMES; i++) {
    printSomething(lines);
    await playRun({ start: START, output, lines, onBegin: () => {} }, openSocketPair());
    forgetHandler();
  }
}

/** Loads our handler as the user's is loaded, and forgets it again. */
function rehearseLoading() {
  void loadHandler(TASK_ROOT, START.handler).catch(() => {});
  forgetHandler();
}

function forgetHandler() {
  delete require.cache[path.join(TASK_ROOT, 'handler.js')];
}

/** @param {InstanceType<typeof ConsoleLines>} lines */
function printSomething(lines) {
  const printer = /** @type {any} */ ({});
  lines.install(printer);
  printer.log('text', 1, { a: [1, 'b'] });
}

/**
 * @param {Omit<import('./single-run.cjs').SingleRunParts, 'exit'>} parts
 * @param {[number, number]} sockets
 */
function playRun(parts, [near, far]) {
  return new Promise((resolve) => {
    const exit = () => {
      control.close(() => {
        fs.closeSync(far);
        resolve(undefined);
      });
    };
    const run = new SingleRun({ ...parts, exit });
    const control = openControlSocket(near, (type, nonce, payload) => run.onFrame(type, nonce, payload));
    run.attach(control);
    run.warmUp();
    fs.writeSync(far, encodeTwoPartFrame(FRAME.INVOKE, NO_NONCE, HEAD, EVENT));
  });
}

module.exports = { rehearse, rehearseLoading };
