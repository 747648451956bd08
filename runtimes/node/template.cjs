// Entry of the Node runtime for functions that don't reuse processes: `node [flags] template.cjs [jailed]`,
// descriptor 3 as in bootstrap.cjs. Loads the function's packages once; every run is then a fork of this
// process, one at a time. Never loads the user's own code here: its state would be every run's.
//
//   START --> packages loaded --> all made that a child needs --> clean --> fork --> asleep until the child ends --+
//                                                                   ^                                             |
//                                                                   +------------ addon.forkRuns() ---------------+
'use strict';

require('./own-copies.cjs'); // first: nothing may be patched before the copies are taken
const fs = require('node:fs');
const v8 = require('node:v8');
const vm = require('node:vm');
const { EXIT_NOT_BEGUN, FRAME, NO_NONCE, encodeFrame } = require('../../contract/frames.cjs');
const { ConsoleLines } = require('./console-lines.cjs');
const { conventionOf } = require('./convention.cjs');
const { openControlSocket } = require('./control-socket.cjs');
const { replaceEnvironment } = require('./environment.cjs');
const { exitOnFatalErrors } = require('./fatal-errors.cjs');
// @ts-ignore: it is there once it is built
const addon = require('./fork/build/Release/fork.node');
const { hideModules } = require('./hidden-modules.cjs');
const { findPackages, packageNames } = require('./packages.cjs');
const { OutputLedger } = require('./output-ledger.cjs');
const own = require('./own-copies.cjs');
const { Randomness } = require('./randomness.cjs');
const { readFrame } = require('./read-frame.cjs');
const { rehearse, rehearseLoading } = require('./rehearse.cjs');
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
/**
 * Memory of which 50 MB can be spared, for code and heap on large pages (fork/large-text.c,
 * fork/heap-arena.c).
 */
const ROOM_FOR_LARGE_PAGES_MB = 256;
/** Enough for everything to have been met and remembered. */
const TIMES_AGAIN = 3;
/** Without a frame for so long, a child is in stock. */
const IDLE_MS = 2;
const ENGINE = `node ${process.version}`;

const isJailed = process.argv[2] === 'jailed';
const { emit } = process;
const output = new OutputLedger();
const lines = new ConsoleLines(output);
const randomness = new Randomness(addon.fillRandom);

// What was compiled for the packages stays compiled, although it isn't used while they wait.
v8.setFlagsFromString('--no-flush-bytecode');
// Its machine code counts calls in pages that a child would have to copy. A run is over before it pays, or
// long enough for the optimizing compilers, which don't need it.
v8.setFlagsFromString('--no-sparkplug');
addon.becomeTemplate();
/** @type {any} */ (process).reallyExit = addon.exitNow;
randomness.install();
if (Number.parseInt(process.versions.node, 10) <= LAST_TO_COMPILE_IN_THREADS) keepLoopAliveWhileCompiling();
output.watchStreams(process);
lines.install(console);
hideModules(/** @type {NodeModule} */ (/** @type {unknown} */ (module)));

/** @type {NodeJS.Timeout | undefined} */
let idling;
/** @type {Buffer} of START; only this process and the server know it */
let nonce;
/** @type {import('../../contract/frames.cjs').StartPayload} */
let start;
void becomeReady();

async function becomeReady() {
  await rehearse(output, addon.socketPair);
  ({ nonce, start } = readStart());
  process.chdir(start.taskRoot);
  replaceEnvironment(start.env);
  const canFork = await loadDependencies();
  // One turn of the event loop, so that what the packages have left to do at once is done once for all runs.
  setImmediate(() => (canFork ? forkRuns() : beReady()));
}

/** Sleeps until the server says what this sandbox is for. */
function readStart() {
  const frame = readFrame(CONTROL_FD, addon.awaitReadable);
  if (frame === null) return addon.exitNow(0);
  if (frame.type !== FRAME.START) throw new Error(`frame of type ${frame.type} in place of START`);
  return { nonce: frame.nonce, start: JSON.parse(frame.payload.toString()) };
}

/**
 * @returns {Promise<boolean>} whether what is loaded can be forked: an open socket or file would be one for
 * all runs
 */
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

/**
 * Returns in children only. What a child needs is made before the fork, and what it does was done before: it
 * would otherwise be made, and compiled, in memory of each child's own.
 */
function forkRuns() {
  const run = standBy();
  addon.watchEmptyLoop(() => own.apply(emit, process, ['beforeExit', process.exitCode ?? 0]));
  rehearseReady();
  collectGarbage();
  rehearseAgain(run);
  addon.settleMemory();
  const hasRoom = start.memoryMb >= ROOM_FOR_LARGE_PAGES_MB;
  const bounds = [CLEANING_BOUND_MS, EXIT_UNCLEAN, EXIT_NOT_BEGUN];
  const exitCode = addon.forkRuns(isJailed, CONTROL_FD, ...bounds, hasRoom);
  becomeOwnProcess();
  sendReady(CONTROL_FD, nonce, { engine: ENGINE, forks: true, exitCode });
  warmUpWhenIdle(run);
}

/**
 * A child that is in stock goes the way of a run once, as far as it leads without the user's code: the memory
 * that the run writes to is then its own. Where the next run is waiting already, that would only be more
 * work.
 * @param {InstanceType<typeof SingleRun>} run
 */
function warmUpWhenIdle(run) {
  idling = own.setTimeout(() => {
    run.warmUp();
    rehearseLoading();
  }, IDLE_MS);
}

function becomeOwnProcess() {
  Object.defineProperty(process, 'pid', { value: addon.pid(), configurable: true });
  randomness.renew();
  output.startAtZero();
}

/** What a child writes to later is copied then: the fewer pages hold living things, the fewer copies. */
function collectGarbage() {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc');
  v8.setFlagsFromString('--no-expose-gc');
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  // To count objects V8 first sweeps the garbage's pages, which it would otherwise leave to each child.
  withoutWarnings(() => v8.queryObjects?.(SingleRun));
}

/**
 * With the garbage V8 has thrown away what it remembers of where properties and modules are found, and its
 * compiled regular expressions. What is called here also gets its feedback at once, which makes calls in
 * children quicker.
 * @param {InstanceType<typeof SingleRun>} run
 */
function rehearseAgain(run) {
  v8.setFlagsFromString('--no-lazy-feedback-allocation');
  for (let i = 0; i < TIMES_AGAIN; i++) {
    run.warmUp();
    rehearseLoading();
    findPackages(start.taskRoot, packageNames(start.taskRoot, start.packages));
    rehearseReady();
  }
  v8.setFlagsFromString('--lazy-feedback-allocation');
}

/** @param {() => void} work */
function withoutWarnings(work) {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  work();
  process.emitWarning = emitWarning;
}

function beReady() {
  standBy().warmUp();
  sendReady(CONTROL_FD, nonce, { engine: ENGINE, forks: false, exitCode: null });
}

/** From here on frames are read, when the event loop turns. */
function standBy() {
  const run = new SingleRun({
    ...{ start, output, lines },
    onBegin,
    exit: addon.exitNow.bind(null, 0),
  });
  exitOnFatalErrors(run, lines);
  process.on('beforeExit', () => run.onEmptyEventLoop());
  run.attach(openControlSocket(CONTROL_FD, run.onFrame.bind(run)));
  return run;
}

/** What a child does before its run and no rehearsal of runs contains. */
function rehearseReady() {
  const sockets = addon.socketPair();
  becomeOwnProcess();
  sendReady(sockets[0], Buffer.from(NO_NONCE), { engine: ENGINE, forks: true, exitCode: 0 });
  for (const socket of sockets) fs.closeSync(socket);
  onBegin();
}

function onBegin() {
  own.clearTimeout(idling);
  addon.markBegun();
}

/**
 * Without START's nonce nobody can say READY: this process forgets it before a run begins.
 * @param {number} fd
 * @param {Buffer} secret  START's nonce; wiped
 * @param {import('../../contract/frames.cjs').ReadyPayload} ready
 */
function sendReady(fd, secret, ready) {
  const frame = encodeFrame(FRAME.READY, secret, own.bytesOfText(own.stringifyJson(ready)));
  addon.markReady();
  writeAll(fd, frame);
  frame.fill(0);
  secret.fill(0);
}
