// One sandbox with its runtime, as the pool sees it: starts once, then runs one invocation after another. Speaks the
// frames of contract/frames.cjs and believes nothing in them. Knows no function record, no database, no HTTP.
//
//   starting --READY--> idle --run()--> running --RESULT/ERROR--> settling --log drained--> idle
//      |                  |                |                         |
//      +--INIT_ERROR,-----+--stop(),-------+--time limit, exit,------+--exit, lies, time--> ended
//         exit, time         exit             garbage on the socket
//
// A run whose outcome `lingers` has been answered and goes on: settling then lasts until the runtime says that it is idle, the
// run's time is over, or another run waits for the instance.
// Of a function that reuses nothing, settling lasts until READY comes again (what was left of the run is gone and a fresh
// process stands by); where the runtime can't fork, the sandbox ends after its one run.
import type { InvokeHead, OutcomeHead, StartPayload } from '../../../contract/frames.cjs';
import * as frames from '../../../contract/frames.cjs';
import type { Reuse } from '../functions/function.ts';
import { drawRandomBytes } from '../ids/random-bytes.ts';
import type { LogLines } from '../logs/log-lines.ts';
import type { SecretMask } from '../logs/secret-mask.ts';
import { outcomeOfExit } from './exit-outcome.ts';
import { Leftovers } from './leftovers.ts';
import { exitError, maskedOutcome, type Outcome, readErrorObject, timeoutError } from './outcome.ts';
import { type AskSettings, RunAsks } from './run-asks.ts';
import { RunOutput } from './run-output.ts';
import { outcomeOfFrame, type ReadyFacts, readOutcomeHead, readReady } from './runtime-words.ts';
import type { SandboxExit, SandboxProcess } from './sandbox-driver.ts';

/** How long the log of a finished run may lag behind its result before the instance is given up. ms */
const DRAIN_TIMEOUT_MS = 2_000;
/** How long a runtime may take to clear away a run and have a fresh process ready. ms */
const RENEWAL_TIMEOUT_MS = 5_000;
/** How long an exit report may lag behind the end of the control socket. ms */
const EXIT_TIMEOUT_MS = 1_000;
/** Frames that belong to no run: a few are an accident, more an attack. */
const MOST_STRAY_BYTES = 1024 * 1024;
/** Room in a result frame beside the result: the head. */
const HEAD_BYTES = 64 * 1024;

export type InstanceSettings = {
  /** Told of what a run printed after its end. */
  onLateLines(runId: string, log: LogLines): void;
  /** Number of the version whose code it holds: what a run in it is recorded under. */
  version: number;
  reuse: Reuse;
  memoryMb: number;
  initTimeoutMs: number;
  resultLimitBytes: number;
  logLimitBytes: number;
  /** What hides the function's secrets; null: it has none. */
  mask: SecretMask | null;
  /** What its runs may ask of the platform; null: nothing. */
  asks: AskSettings | null;
};

export type Invocation = {
  runId: string;
  functionArn: string;
  timeoutMs: number;
  /** The event as JSON text. */
  event: string;
};

export type FinishedInvocation = {
  outcome: Outcome;
  /** Unix time in ms at which the handler was called. */
  startedAtMs: number;
  durationMs: number;
  /** What the run printed; whole once `settled` has resolved. */
  log: LogLines;
  /** Resolves when the log is whole and the instance is free again (or ended). Never rejects. */
  settled: Promise<void>;
};

/** The runtime could not be started, or the handler could not be loaded. */
export class StartFailure extends Error {
  readonly outcome: Exclude<Outcome, { end: 'returned' }>;
  readonly log: LogLines;
  readonly memoryPeakBytes: number | null;

  constructor(outcome: Exclude<Outcome, { end: 'returned' }>, log: LogLines, memoryPeakBytes: number | null) {
    super(outcome.error.message);
    this.name = 'StartFailure';
    this.outcome = outcome;
    this.log = log;
    this.memoryPeakBytes = memoryPeakBytes;
  }
}

type Pending = { nonce: Buffer; done: (ending: Ending) => void; asks: RunAsks | null };
type Ending =
  | { how: 'frame'; type: number; head: OutcomeHead; body: Buffer }
  /** The run's own process has ended without a word; the sandbox goes on. */
  | { how: 'exited'; exitCode: number }
  | { how: 'garbage'; message: string }
  | { how: 'closed' };

export class Instance {
  readonly id: string;
  readonly version: number;
  /** Settles when the sandbox is gone. */
  readonly ended: Promise<SandboxExit>;
  /** What really runs, e.g. `node v18.20.8`; empty until it has started. */
  engine = '';
  #initMs: number | null = null;
  isEnded = false;
  readonly #process: SandboxProcess;
  readonly #settings: InstanceSettings;
  /** Of frames about the sandbox itself. Code of a forking runtime's runs can't know it. */
  readonly #nonce = drawRandomBytes(frames.NONCE_BYTES);
  /** What READY said last; null until then, and while a run's remains are being cleared away. */
  #ready: ReadyFacts | null = null;
  #forks = false;
  readonly #output: RunOutput;
  #pending: Pending | null = null;
  /** Bytes of frames that belonged to no run, since the last one began. */
  #strayBytes = 0;
  /** Called at whatever may complete a settling run: output, READY. */
  #onProgress: (() => void) | null = null;
  readonly #leftovers = new Leftovers();

  constructor(process: SandboxProcess, settings: InstanceSettings) {
    this.id = process.id;
    this.version = settings.version;
    this.#process = process;
    this.#settings = settings;
    this.#output = new RunOutput(process, { ...settings, onArrival: () => this.#onProgress?.() });
    this.ended = process.exited.then((exit) => {
      this.isEnded = true;
      this.#output.handOverLate();
      return exit;
    });
    this.#listen();
  }

  /**
   * Hands the runtime its environment and waits until the handler is loaded.
   * @throws StartFailure
   */
  async start(payload: StartPayload): Promise<void> {
    const startedAt = performance.now();
    const ending = this.#expect(this.#nonce, this.#settings.initTimeoutMs);
    this.#send(frames.encodeFrame(frames.FRAME.START, this.#nonce, Buffer.from(JSON.stringify(payload))));
    const end = await ending;
    this.#initMs = performance.now() - startedAt;
    if (this.#ready === null) return this.#failStart(end);
    this.engine = this.#ready.engine;
    this.#forks = this.#settings.reuse === 'none' && this.#ready.forks;
  }

  /** Runs one invocation. Never rejects: whatever goes wrong is an outcome. The instance must be idle. */
  async run(invocation: Invocation): Promise<FinishedInvocation> {
    const log = this.#output.begin();
    const nonce = drawRandomBytes(frames.NONCE_BYTES);
    const startedAtMs = Date.now();
    const started = performance.now();
    const head: InvokeHead = {
      requestId: invocation.runId,
      deadlineMs: startedAtMs + invocation.timeoutMs,
      functionArn: invocation.functionArn,
    };
    const asks = this.#asksOf(nonce);
    const ending = this.#expect(nonce, invocation.timeoutMs, asks);
    this.#strayBytes = 0;
    if (this.#forks) this.#ready = null;
    this.#send(frames.encodeTwoPartFrame(frames.FRAME.INVOKE, nonce, JSON.stringify(head), invocation.event));
    const end = await ending;
    const tookMs = performance.now() - started;
    asks?.end();
    // Timers go by another clock and may ring a fraction of a millisecond early.
    const durationMs = end === 'timeout' ? Math.max(tookMs, invocation.timeoutMs) : tookMs;
    const ended = { startedAtMs, durationMs, log };
    if (end !== 'timeout' && end.how === 'frame' && (this.#forks || end.head.fatal !== true)) {
      const outcome = maskedOutcome(this.#settings.mask, outcomeOfFrame(end.type, end.body));
      const closed = this.#settle(end.head, nonce, invocation.timeoutMs - tookMs);
      const settled = closed.then(() => this.#output.close(log, invocation.runId));
      return { ...ended, outcome, settled };
    }
    const outcome = maskedOutcome(this.#settings.mask, await this.#outcomeOfEnd(end, invocation));
    this.#output.close(log, invocation.runId);
    return { ...ended, outcome, settled: Promise.resolve() };
  }

  /** Time that loading the handler took, in ms: told once, to the first run; null after that. */
  takeInitMs(): number | null {
    const initMs = this.#initMs;
    this.#initMs = null;
    return initMs;
  }

  /** Highest memory use of the sandbox so far, in bytes; null where it can't be told. */
  memoryPeakBytes(): number | null {
    return this.#process.memoryPeakBytes();
  }

  /** Another run waits for this instance: what the last one still does has little more time to itself. */
  hurry(): void {
    this.#leftovers.hurry();
  }

  /** Ends the sandbox and everything in it. Idempotent. */
  stop(): void {
    // From here on it takes no runs, although its processes need a moment to die.
    this.isEnded = true;
    this.#process.kill();
  }

  #listen(): void {
    const { resultLimitBytes, asks } = this.#settings;
    const limitBytes = Math.max(resultLimitBytes, asks === null ? 0 : frames.ASK_LIMIT_BYTES);
    const reader = new frames.FrameReader(limitBytes + HEAD_BYTES);
    const { control } = this.#process;
    control.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk, (type, nonce, payload) => this.#onFrame(type, nonce, payload));
      } catch (error) {
        this.#giveUp(error as Error);
      }
    });
    control.on('error', () => this.#end({ how: 'closed' }));
    control.on('close', () => this.#end({ how: 'closed' }));
  }

  /** Waits for the frame that ends what is in hand, or for what prevents it. */
  #expect(nonce: Buffer, timeoutMs: number, asks: RunAsks | null = null): Promise<Ending | 'timeout'> {
    if (this.#process.control.destroyed) return Promise.resolve({ how: 'closed' });
    return new Promise((resolve) => {
      const giveUp = (): void => {
        if (this.#pending !== pending) return;
        this.#pending = null;
        resolve('timeout');
      };
      // What has come while this process itself stood still is read before it is too late.
      const timer = setTimeout(() => setImmediate(giveUp), timeoutMs);
      const pending = {
        ...{ nonce, asks },
        done: (ending: Ending) => {
          clearTimeout(timer);
          this.#pending = null;
          resolve(ending);
        },
      };
      this.#pending = pending;
    });
  }

  #onFrame(type: number, nonce: Buffer, payload: Buffer): void {
    const { READY, INIT_ERROR, RESULT, ERROR, ASK, IDLE } = frames.FRAME;
    if (type === READY && nonce.equals(this.#nonce)) this.#onReady(payload);
    if (type === IDLE && this.#leftovers.isOf(nonce)) {
      this.#leftovers.done(readOutcomeHead(frames.splitPayload(payload).head));
      return;
    }
    // A second result, or one for a run that is over, is nobody's. A few are an accident, many an attack.
    if (this.#pending === null || !this.#pending.nonce.equals(nonce)) {
      this.#strayBytes += frames.HEADER_BYTES + payload.length;
      if (this.#strayBytes > MOST_STRAY_BYTES)
        throw new frames.FrameError('too many frames that belong to no run');
      return;
    }
    if (type === ASK && this.#pending.asks !== null) {
      this.#pending.asks.take(payload);
      return;
    }
    if (
      nonce.equals(this.#nonce) ? type !== READY && type !== INIT_ERROR : type !== RESULT && type !== ERROR
    ) {
      throw new frames.FrameError(`frame type ${type} at the wrong time`);
    }
    if (nonce.equals(this.#nonce)) {
      this.#end({ how: 'frame', type, head: { stdoutBytes: 0, stderrBytes: 0 }, body: payload });
      return;
    }
    const { head, body } = frames.splitPayload(payload);
    // The chunk that holds them is reused by nobody, but it may be much larger than the result: keep only the result.
    this.#end({ how: 'frame', type, head: readOutcomeHead(head), body: Buffer.from(body) });
  }

  /** All that earlier runs have printed is here by now, and the runtime counts anew. */
  #onReady(payload: Buffer): void {
    const isRunning = this.#pending !== null && !this.#pending.nonce.equals(this.#nonce);
    if (isRunning && !this.#forks) return;
    this.#ready = readReady(payload);
    this.#output.resetCount();
    if (isRunning) this.#end({ how: 'exited', exitCode: this.#ready.exitCode });
    this.#onProgress?.();
  }

  #giveUp(error: Error): void {
    this.#end({ how: 'garbage', message: error.message });
    this.stop();
  }

  #end(ending: Ending): void {
    this.#pending?.done(ending);
  }

  #send(frame: Buffer): void {
    this.#process.control.write(frame);
  }

  /**
   * Waits until the log is whole and the instance can run something else.
   * @param leftMs how long the run may still take
   */
  async #settle(head: OutcomeHead, nonce: Buffer, leftMs: number): Promise<void> {
    if (this.#forks) {
      const lingerMs = head.lingers === true ? leftMs : 0;
      const isReady = await this.#await(() => this.#ready !== null, lingerMs + RENEWAL_TIMEOUT_MS);
      if (!isReady) await this.#stopNow();
    } else {
      const idle = head.lingers === true ? await this.#leftovers.wait(nonce, leftMs, this.ended) : null;
      const hasDrained = await this.#await(() => this.#output.hasAll(idle ?? head), DRAIN_TIMEOUT_MS);
      // A runtime that claims more than it printed lies: what it prints later must not land in another run.
      if (!hasDrained || this.#settings.reuse === 'none') await this.#stopNow();
    }
  }

  #asksOf(nonce: Buffer): RunAsks | null {
    if (this.#settings.asks === null) return null;
    return new RunAsks(this.#settings.asks, (head, body) =>
      this.#send(frames.encodeTwoPartFrame(frames.FRAME.REPLY, nonce, head, body)),
    );
  }

  /** @returns whether `isDone` became true in time and before the sandbox ended */
  async #await(isDone: () => boolean, timeoutMs: number): Promise<boolean> {
    if (isDone()) return true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      const finish = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#onProgress = () => {
        if (isDone()) finish();
      };
      void this.ended.then(finish);
    });
    this.#onProgress = null;
    return isDone();
  }

  async #stopNow(): Promise<void> {
    this.stop();
    await this.ended;
  }

  async #outcomeOfEnd(end: Ending | 'timeout', invocation: Invocation): Promise<Outcome> {
    if (end === 'timeout') {
      await this.#stopNow();
      return { end: 'timed_out', error: timeoutError(invocation.runId, invocation.timeoutMs, Date.now()) };
    }
    if (end.how === 'garbage') {
      await this.ended;
      return { end: 'crashed', error: { type: 'Runtime.BadFrame', message: end.message, stack: '' } };
    }
    if (end.how === 'frame') {
      // The runtime's last words before it exits; a V8 that has run out of heap never gets this far.
      await this.#awaitExit();
      return outcomeOfFrame(end.type, end.body);
    }
    if (end.how === 'exited') {
      return { end: 'crashed', error: exitError(invocation.runId, { code: end.exitCode, signal: null }) };
    }
    return this.#outcomeOfExit(await this.#awaitExit(), invocation.runId);
  }

  #outcomeOfExit(exit: SandboxExit, runId: string): Outcome {
    const { memoryMb } = this.#settings;
    return outcomeOfExit(exit, { runId, memoryMb, forks: this.#forks, lines: this.#output.log.lines });
  }

  async #awaitExit(): Promise<SandboxExit> {
    const timer = setTimeout(() => this.stop(), EXIT_TIMEOUT_MS);
    const exit = await this.ended;
    clearTimeout(timer);
    return exit;
  }

  async #failStart(end: Ending | 'timeout'): Promise<never> {
    let outcome: Exclude<Outcome, { end: 'returned' }>;
    if (end === 'timeout') {
      this.stop();
      const message = `the function's code was not loaded within ${this.#settings.initTimeoutMs} ms`;
      outcome = { end: 'timed_out', error: { type: 'Runtime.InitTimeout', message, stack: '' } };
    } else if (end.how === 'frame') {
      outcome = { end: 'threw', error: readErrorObject(end.body) };
    } else if (end.how === 'garbage') {
      outcome = { end: 'crashed', error: { type: 'Runtime.BadFrame', message: end.message, stack: '' } };
    } else {
      outcome = this.#outcomeOfExit(await this.#awaitExit(), 'init') as typeof outcome;
    }
    const exit = await this.#awaitExit();
    this.#output.log.end(Date.now());
    throw new StartFailure(
      maskedOutcome(this.#settings.mask, outcome),
      this.#output.log,
      exit.memoryPeakBytes,
    );
  }
}
