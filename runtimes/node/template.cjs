// Entry of the Node runtime for functions that don't reuse processes: `node [flags] template.cjs [jailed]`, descriptor 3 as in
// bootstrap.cjs. Loads the function's packages once; every run is then a fork of this process, one at a time. Never loads
// the user's own code here: its state would be every run's.
//
//   START --> packages loaded --> clean --> fork --> asleep until the child ends --+
//                                   ^                                             |
//                                   +---------------------------------------------+
'use strict';

require('./own-copies.cjs'); // first: nothing may be patched before the copies are taken
const fs = require('node:fs');
const v8 = require('node:v8');
const vm = require('node:vm');
const { EXIT_NOT_BEGUN, FRAME, encodeFrame } = require('../../contract/frames.cjs');
const { ConsoleLines } = require('./console-lines.cjs');
const { conventionOf } = require('./convention.cjs');
const { openControlSocket } = require('./control-socket.cjs');
const { replaceEnvironment } = require('./environment.cjs');
const { exitOnFatalErrors } = require('./fatal-errors.cjs');
const addon = require('./fork/build/Release/fork.node');
const { hideModules } = require('./hidden-modules.cjs');
const { OutputLedger } = require('./output-ledger.cjs');
const own = require('./own-copies.cjs');
const { Randomness } = require('./randomness.cjs');
const { readFrame } = require('./read-frame.cjs');
const { rehearse } = require('./rehearse.cjs');
const { SingleRun } = require('./single-run.cjs');
const { allCompiled, keepLoopAliveWhileCompiling } = require('./web-assembly.cjs');
const { writeAll } = require('./write-all.cjs');

const CONTROL_FD = 3;
/** How long it may take to clear away what a run has left; the sandbox ends when it takes longer. */
const CLEANING_BOUND_MS = 2000;
/** How long what packages have begun to compile may take: their child goes on with it then. */
const COMPILING_BOUND_MS = 2000;
/** The jail can't be made what it was. */
const EXIT_UNCLEAN = 76;
/** Last major version of Node that hands the compiling of WebAssembly to threads all the same. */
const LAST_TO_COMPILE_IN_THREADS = 20;
/** A child's `stage`: the user's code has begun to run in it (fork.c). */
const BEGUN = 2;

const isJailed = process.argv[2] === 'jailed';
const { emit } = process;
const output = new OutputLedger();
const lines = new ConsoleLines(output);
const randomness = new Randomness(addon.fillRandom);

// What was compiled for the packages stays compiled, although it isn't used while they wait.
v8.setFlagsFromString('--no-flush-bytecode');
// Its machine code counts calls in pages that a child would have to copy; the user's code gets it back.
v8.setFlagsFromString('--no-sparkplug');
addon.becomeTemplate();
process.reallyExit = addon.exitNow;
randomness.install();
if (Number.parseInt(process.versions.node, 10) <= LAST_TO_COMPILE_IN_THREADS) keepLoopAliveWhileCompiling();
output.watchStreams(process);
lines.install(console);
hideModules(module);

/** @type {Buffer} of START; only this process and the server know it */
let nonce;
/** @type {import('../../contract/frames.cjs').StartPayload} */
let start;
void becomeReady();

async function becomeReady() {
  await rehearse(output, addon.socketPair);
  ({ nonce, start } = readStart());
  replaceEnvironment(start.env);
  process.chdir(start.taskRoot);
  const canFork = await loadDependencies();
  // One turn of the event loop, so that what the packages have left to do at once is done once for all runs.
  setImmediate(() => (canFork ? forkRuns() : beReady({ forks: false, exitCode: null })));
}

/** Sleeps until the server says what this sandbox is for. */
function readStart() {
  const frame = readFrame(CONTROL_FD, addon.awaitReadable);
  if (frame === null) return addon.exitNow(0);
  if (frame.type !== FRAME.START) throw new Error(`frame of type ${frame.type} in place of START`);
  return { nonce: frame.nonce, start: JSON.parse(frame.payload.toString()) };
}

/** @returns {Promise<boolean>} whether what is loaded can be forked: an open socket or file would be one for all runs */
async function loadDependencies() {
  const before = openThings();
  const ignore = () => {};
  process.on('uncaughtException', ignore).on('unhandledRejection', ignore);
  const unwatch = randomness.watchStocks();
  await conventionOf(start).preload(start);
  await allCompiled(COMPILING_BOUND_MS);
  unwatch();
  setImmediate(() => process.off('uncaughtException', ignore).off('unhandledRejection', ignore));
  return openThings() === before;
}

/** @returns {number} open sockets, pipes and files; Node itself holds devices and what has no name open */
function openThings() {
  const targets = fs.readdirSync('/proc/self/fd').map((fd) => linkTarget(`/proc/self/fd/${fd}`));
  return targets.filter((target) => /^(socket:|pipe:|\/(?!dev\/|proc\/))/.test(target)).length;
}

/** @param {string} link */
function linkTarget(link) {
  try {
    return fs.readlinkSync(link);
  } catch {
    return ''; // the descriptor of the very listing
  }
}

/** Returns in children only. */
function forkRuns() {
  compactHeap();
  let exitCode = null;
  for (;;) {
    clean();
    const ended = addon.forkChild();
    if (ended === null) break;
    if (addon.isClosed(CONTROL_FD)) addon.exitNow(0);
    if (ended.signal !== 0) addon.dieBy(ended.signal);
    if (ended.stage !== BEGUN) addon.exitNow(EXIT_NOT_BEGUN);
    exitCode = ended.exitCode;
  }
  becomeOwnProcess();
  addon.watchEmptyLoop(() => own.apply(emit, process, ['beforeExit', process.exitCode ?? 0]));
  beReady({ forks: true, exitCode });
}

function becomeOwnProcess() {
  Object.defineProperty(process, 'pid', { value: addon.pid() });
  randomness.renew();
  output.startAtZero();
}

/** What a child writes to later is copied then: the fewer pages hold living things, the fewer copies. */
function compactHeap() {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc');
  v8.setFlagsFromString('--no-expose-gc');
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  addon.trimMemory();
}

/** Makes the jail what it was before its first run, or ends it. */
function clean() {
  const isClean =
    addon.killStragglers(isJailed, CLEANING_BOUND_MS) &&
    (!isJailed || addon.cleanJail(CLEANING_BOUND_MS)) &&
    addon.awaitDrained(CLEANING_BOUND_MS);
  if (!isClean) addon.exitNow(EXIT_UNCLEAN);
}

/** @param {{ forks: boolean, exitCode: number | null }} facts */
function beReady(facts) {
  const run = new SingleRun({
    ...{ start, output, lines },
    onBegin,
    exit: () => addon.exitNow(0),
  });
  exitOnFatalErrors(run, lines);
  process.on('beforeExit', () => run.onEmptyEventLoop());
  run.attach(openControlSocket(CONTROL_FD, (type, runNonce, body) => run.onFrame(type, runNonce, body)));
  run.warmUp();
  sendReady({ engine: `node ${process.version}`, ...facts });
}

function onBegin() {
  v8.setFlagsFromString('--sparkplug');
  addon.markBegun();
}

/**
 * Without START's nonce nobody can say READY: this process forgets it before a run begins.
 * @param {import('../../contract/frames.cjs').ReadyPayload} ready
 */
function sendReady(ready) {
  const frame = encodeFrame(FRAME.READY, nonce, own.bytesOfText(own.stringifyJson(ready)));
  addon.markReady();
  writeAll(CONTROL_FD, frame);
  frame.fill(0);
  nonce.fill(0);
}
