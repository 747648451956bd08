// One sandbox with its runtime, as the pool sees it: starts once, then runs one invocation after another, or
// several side by side. Speaks the frames of contract/frames.cjs and believes nothing in them. Knows no HTTP.
//
//   starting --READY--> idle --run()--> running --RESULT/ERROR--> settling --log drained--> idle
//      |                  |                |                         |
//      +--INIT_ERROR,-----+--stop(),-------+--time limit, exit,------+--exit, lies, time--> ended
//         exit, time         exit             garbage on the socket
//
// A run whose outcome `lingers` has been answered and goes on: settling then lasts as long as leftovers.ts
// says. Of a function that reuses nothing, settling lasts until READY comes again; where the runtime can't
// fork, the sandbox ends after its one run. A run that its sandbox has taken along before its code was called
// is reported as not begun: it may run elsewhere. With `concurrency` over 1, runs are in hand side by side,
// and nothing is left to settle. One that has to be ended while others go on can't be killed alone: it is
// answered, and the instance drains: it takes no more runs and ends with the last of the others.
import type { InvokeHead, OutcomeHead, StartPayload } from '../../../contract/frames.cjs';
import * as frames from '../../../contract/frames.cjs';
import type { SandboxExit } from '../../../contract/sandbox.ts';
import { inMs } from '../clock/in-ms.ts';
import { drawRandomBytes } from '../ids/random-bytes.ts';
import { AwaitedEndings, type Ending } from './awaited-endings.ts';
import { outcomeOfEnding, type ToldEnding } from './ending-outcome.ts';
import { type ExitFacts, outcomeOfExit } from './exit-outcome.ts';
import { type Fellows, NO_FELLOWS } from './fellow-runs.ts';
import type { FirstStart, InstanceSettings } from './instance-settings.ts';
import type { FinishedInvocation, Invocation } from './invocation.ts';
import { Leftovers } from './leftovers.ts';
import { maskedOutcome, type Outcome, type RunError } from './outcome.ts';
import { Progress } from './progress.ts';
import { RunAsks } from './run-asks.ts';
import { type RunKey, RunOutput } from './run-output.ts';
import { outcomeOfFrame, type ReadyFacts, readOutcomeHead, readReady } from './runtime-words.ts';
import type { SandboxProcess } from './sandbox-driver.ts';
import { SharedOutput } from './shared-output.ts';
import { type FailedStart, outcomeOfFailedStart, StartFailure } from './start-failure.ts';
import { StrayFrames } from './stray-frames.ts';
import { UnreadInvoke } from './unread-invoke.ts';

/** How long the log of a finished run may lag behind its result before the instance is given up. ms */
const DRAIN_TIMEOUT_MS = 2_000;
/** How long a runtime may take to clear away a run and have a fresh process ready. ms */
const RENEWAL_TIMEOUT_MS = 5_000;
/** How long an exit report may lag behind the end of the control socket. ms */
const EXIT_TIMEOUT_MS = 1_000;
const NO_OUTPUT = { stdoutBytes: 0, stderrBytes: 0 };
/** Room in a result frame beside the result: the head. */
const HEAD_BYTES = 64 * 1024;

export class Instance {
  readonly id: string;
  readonly version: number;
  /** Settles when the sandbox is gone. */
  readonly ended: Promise<SandboxExit>;
  /** What really runs, e.g. `node v18.20.8`; empty until it has started. */
  engine = '';
  /** By which every run fails: its handler isn't there. null: it is. */
  fault: RunError | null = null;
  #start: FirstStart | null = null;
  isEnded = false;
  #isDraining = false;
  readonly #process: SandboxProcess;
  readonly #settings: InstanceSettings;
  /** Of frames about the sandbox itself. Code of a forking runtime's runs can't know it. */
  readonly #nonce = drawRandomBytes(frames.NONCE_BYTES);
  /** What READY said last; null until then, and while a run's remains are being cleared away. */
  #ready: ReadyFacts | null = null;
  #forks = false;
  readonly #output: RunOutput | SharedOutput;
  readonly #inHand = new AwaitedEndings();
  #fellows: Fellows = NO_FELLOWS;
  /** The run whose code has said that it ends the process. */
  #exitingRunId: string | null = null;
  readonly #strays = new StrayFrames();
  /** Made by whatever may complete a settling run: output, READY. */
  readonly #progress = new Progress();
  readonly #leftovers = new Leftovers();
  readonly #unread = new UnreadInvoke();

  constructor(process: SandboxProcess, settings: InstanceSettings) {
    this.id = process.id;
    this.version = settings.version;
    this.#process = process;
    this.#settings = settings;
    const output = { ...settings, onArrival: () => this.#progress.made() };
    this.#output =
      settings.concurrency > 1 ? new SharedOutput(process, output) : new RunOutput(process, output);
    this.ended = process.exited.then((exit) => {
      this.isEnded = true;
      this.#leftovers.end();
      this.#progress.end();
      this.#output.handOverLate();
      return exit;
    });
    this.#listen();
  }

  /** Whether another run may be given to it, if it has a place free. */
  get takesRuns(): boolean {
    return !this.isEnded && !this.#isDraining;
  }

  /**
   * Hands the runtime its environment and waits until the handler is loaded.
   * @throws StartFailure
   */
  async start(payload: StartPayload): Promise<void> {
    const startedAt = performance.now();
    const ending = this.#expect(
      { nonce: this.#nonce, runId: null, asks: null },
      this.#settings.initTimeoutMs,
    );
    const start = Buffer.from(JSON.stringify(payload));
    this.#process.control.write(frames.encodeFrame(frames.FRAME.START, this.#nonce, start));
    const end = await ending;
    this.#start = { initMs: inMs(performance.now() - startedAt), isFromStock: this.#process.isFromStock };
    if (this.#ready === null) return this.#failStart(end);
    this.engine = this.#ready.engine;
    this.fault = this.#ready.fault;
    this.#forks = this.#settings.reuse === 'none' && this.#ready.forks;
  }

  /** Runs one invocation in a free place. Never rejects: whatever goes wrong is an outcome. */
  async run(invocation: Invocation): Promise<FinishedInvocation> {
    const { runId, timeoutMs, functionArn, traceId } = invocation;
    const key: RunKey = { runId, nonce: drawRandomBytes(frames.NONCE_BYTES) };
    const log = this.#output.begin(key);
    invocation.onLog?.(log);
    const [startedAtMs, started] = [Date.now(), performance.now()];
    const head: InvokeHead = { requestId: runId, deadlineMs: startedAtMs + timeoutMs, functionArn, traceId };
    const asks = this.#asksOf(key.nonce);
    const ending = this.#expect({ ...key, asks }, timeoutMs);
    this.#strays.forget();
    if (this.#forks) this.#ready = null;
    this.#unread.send(
      this.#process.control,
      key.nonce,
      frames.encodeTwoPartFrame(frames.FRAME.INVOKE, key.nonce, JSON.stringify(head), invocation.event),
    );
    const end = await ending;
    const tookMs = performance.now() - started;
    asks?.end();
    // Timers go by another clock and may ring a fraction of a millisecond early.
    const durationMs = inMs(end.how === 'timeout' ? Math.max(tookMs, timeoutMs) : tookMs);
    const lingers = end.how === 'frame' && end.head.lingers === true;
    const ended = { startedAtMs, durationMs, log, hasBegun: true, lingers };
    if (end.how === 'frame' && (this.#forks || end.head.fatal !== true)) {
      const outcome = maskedOutcome(this.#settings.mask, outcomeOfFrame(end.type, end.body, end.head));
      return { ...ended, outcome, settled: this.#settle(end.head, key, timeoutMs - tookMs) };
    }
    const outcome = maskedOutcome(this.#settings.mask, await this.#outcomeOfEnd(end, invocation));
    const hasBegun = !this.#isUnbegun(end, key.nonce);
    if (hasBegun) this.#close(key, end.how === 'frame' ? end.head : null);
    else this.#output.disown(key);
    return { ...ended, outcome, hasBegun, settled: Promise.resolve() };
  }

  /** How it was started: given once, to the first run; null after that. */
  takeStart(): FirstStart | null {
    const start = this.#start;
    this.#start = null;
    return start;
  }

  /** Highest memory use of the sandbox so far, in bytes; null where it can't be known. */
  memoryPeakBytes(): number | null {
    return this.#process.memoryPeakBytes();
  }

  /** Processor time of the sandbox so far; null where it isn't counted. ms */
  cpuUsageMs(): number | null {
    return this.#process.cpuUsageMs();
  }

  /** Takes no more runs; those in hand finish. @param why stands in the log of the run that ended last */
  retire(why: string): void {
    this.#isDraining = true;
    this.#output.note(why);
  }

  /** Another run waits for this instance: what the last one still does has little more time to itself. */
  hurry(): void {
    this.#leftovers.hurry();
  }

  /** Ends a run that isn't over: with its sandbox, or alone beside others; then the instance drains. */
  cancel(runId: string): void {
    const run = this.#inHand.findRun(runId);
    if (run === undefined) return;
    if (this.#inHand.size === 1) this.stop();
    else run.end({ how: 'cancelled' });
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
        this.#endAll({ how: 'garbage', message: (error as Error).message });
        this.stop();
      }
    });
    control.on('error', (error) => {
      this.#unread.failed(error);
      this.#endClosed();
    });
    control.on('close', () => this.#endClosed());
  }

  /** Waits for the frame that ends it, or for what prevents it. */
  #expect(what: Parameters<AwaitedEndings['expect']>[0], timeoutMs: number): Promise<Ending> {
    if (this.#process.control.destroyed) return Promise.resolve({ how: 'closed', hasBegun: false });
    return this.#inHand.expect(what, timeoutMs);
  }

  #onFrame(type: number, nonce: Buffer, payload: Buffer): void {
    const { READY, INIT_ERROR, RESULT, ERROR, ASK, IDLE } = frames.FRAME;
    const isOwn = nonce.equals(this.#nonce);
    if (type === READY && isOwn) this.#onReady(payload);
    if (type === IDLE && this.#leftovers.isOf(nonce)) {
      this.#leftovers.done(readOutcomeHead(frames.splitPayload(payload).head));
      return;
    }
    if (this.#output instanceof SharedOutput && this.#onSharedFrame(this.#output, type, nonce, payload))
      return;
    const inHand = this.#inHand.find(nonce);
    if (inHand === undefined) {
      this.#strays.count(payload);
      return;
    }
    if (type === ASK && inHand.asks !== null) {
      inHand.asks.take(payload);
      return;
    }
    if (isOwn ? type !== READY && type !== INIT_ERROR : type !== RESULT && type !== ERROR) {
      throw new frames.FrameError(`frame type ${type} at the wrong time`);
    }
    if (isOwn) {
      inHand.end({ how: 'frame', type, head: NO_OUTPUT, body: payload });
      return;
    }
    const { head, body } = frames.splitPayload(payload);
    const readHead = readOutcomeHead(head);
    if (readHead.fatal === true) this.#noteFellows();
    if (readHead.lingers === true) this.#leftovers.begin(nonce);
    // The chunk that holds them may be much larger than the result: keep only the result.
    inHand.end({ how: 'frame', type, head: readHead, body: Buffer.from(body) });
  }

  /** Whether the run's code was certainly not called: the sandbox went before. */
  #isUnbegun(end: Ending, nonce: Buffer): boolean {
    if (end.how !== 'closed') return false;
    if (this.#settings.concurrency > 1) return !end.hasBegun;
    return this.#unread.isOf(nonce);
  }

  /** @returns whether the frame is one that only runs side by side need */
  #onSharedFrame(output: SharedOutput, type: number, nonce: Buffer, payload: Buffer): boolean {
    const { BEGUN, DRAIN, EXITING, LOG } = frames.FRAME;
    if (type === LOG) return output.take(nonce, payload);
    if (type === BEGUN) return this.#inHand.noteBegun(nonce);
    if (type === DRAIN && nonce.equals(this.#nonce)) this.#drain();
    else if (type === EXITING) this.#exitingRunId = this.#inHand.find(nonce)?.runId ?? null;
    else return false;
    return true;
  }

  #onReady(payload: Buffer): void {
    if (!this.#forks && this.#ready !== null) return;
    const loading = this.#inHand.find(this.#nonce);
    const isRunning = loading === undefined && this.#inHand.size > 0;
    this.#ready = readReady(payload);
    if (isRunning) this.#inHand.endAll({ how: 'exited', exitCode: this.#ready.exitCode });
    this.#progress.made();
  }

  #noteFellows(): void {
    if (this.#fellows === NO_FELLOWS)
      this.#fellows = { others: Math.max(0, this.#inHand.begun - 1), causeRunId: this.#exitingRunId };
  }

  #endClosed(): void {
    if (this.#inHand.size === 0) return;
    this.#noteFellows();
    this.#inHand.endClosed();
  }

  #endAll(ending: Ending): void {
    if (this.#inHand.size === 0) return;
    this.#noteFellows();
    this.#inHand.endAll(ending);
  }

  /** Takes no more runs, and ends with the last that it has in hand. */
  #drain(): void {
    this.#isDraining = true;
    if (this.#inHand.size === 0) this.stop();
  }

  #close(key: RunKey, head: OutcomeHead | null): void {
    this.#output.close(key, head?.droppedBytes ?? 0);
    if (this.#isDraining) this.#drain();
  }

  /**
   * Waits until the log is whole and the instance can run something else: as a rule it can at once.
   * @param leftMs how long the run may still take
   */
  #settle(head: OutcomeHead, key: RunKey, leftMs: number): Promise<void> {
    const isOver = this.#settings.reuse !== 'none' && head.lingers !== true && this.#output.hasAll(head);
    if (!isOver) return this.#settleLater(head, key, leftMs);
    this.#leftovers.none();
    this.#close(key, head);
    return Promise.resolve();
  }

  async #settleLater(head: OutcomeHead, key: RunKey, leftMs: number): Promise<void> {
    // Runs side by side: its lines came before its outcome; what it left to do goes on beside the others.
    if (this.#forks) {
      const lingerMs = head.lingers === true ? leftMs : 0;
      const isReady = await this.#progress.until(() => this.#ready !== null, lingerMs + RENEWAL_TIMEOUT_MS);
      if (!isReady) await this.#stopNow();
    } else if (this.#output instanceof RunOutput) {
      const idle = head.lingers === true ? await this.#leftovers.wait(leftMs) : null;
      if (head.lingers !== true) this.#leftovers.none();
      const isWhole = (): boolean => this.#output.hasAll(idle ?? head);
      const hasDrained = await this.#progress.until(isWhole, DRAIN_TIMEOUT_MS);
      // A runtime that claims more than it printed lies: what it prints later must not land in another run.
      if (!hasDrained || this.#settings.reuse === 'none') await this.#stopNow();
    }
    this.#close(key, head);
  }

  #asksOf(nonce: Buffer): RunAsks | null {
    if (this.#settings.asks === null) return null;
    return new RunAsks(this.#settings.asks, (head, body) => {
      this.#unread.forget();
      this.#process.control.write(frames.encodeTwoPartFrame(frames.FRAME.REPLY, nonce, head, body));
    });
  }

  async #stopNow(): Promise<void> {
    this.stop();
    await this.ended;
  }

  async #outcomeOfEnd(end: Ending, { runId, timeoutMs }: Invocation): Promise<Outcome> {
    const told = await this.#awaitWhatFollows(end);
    const facts = { ...this.#exitFacts(), runId, timeoutMs, fellows: this.#fellows, nowMs: Date.now() };
    return outcomeOfEnding(told, facts);
  }

  async #awaitWhatFollows(end: Ending): Promise<ToldEnding> {
    if (end.how === 'closed') return { how: 'gone', exit: await this.#awaitExit() };
    if (end.how === 'timeout' || end.how === 'cancelled') await this.#abandon();
    else if (end.how === 'garbage') await this.ended;
    // The runtime's last words before it exits; a V8 that has run out of heap never gets this far.
    else if (end.how === 'frame') await this.#awaitExit();
    return end;
  }

  /** A run is over that doesn't end: its sandbox is killed, or drains. */
  async #abandon(): Promise<void> {
    if (this.#inHand.size === 0) return await this.#stopNow();
    this.#isDraining = true;
    // What it still says is nobody's, and no attack.
    this.#strays.allow(this.#settings.resultLimitBytes + frames.ASK_LIMIT_BYTES);
  }

  #exitFacts(): Omit<ExitFacts, 'runId'> {
    return { memoryMb: this.#settings.memoryMb, forks: this.#forks, lines: this.#output.lastWords() };
  }

  async #awaitExit(): Promise<SandboxExit> {
    const timer = setTimeout(() => this.stop(), EXIT_TIMEOUT_MS);
    const exit = await this.ended;
    clearTimeout(timer);
    return exit;
  }

  async #failStart(end: Ending): Promise<never> {
    if (end.how === 'timeout') this.stop();
    const exit = await this.#awaitExit();
    const told = outcomeOfFailedStart(end, this.#settings.initTimeoutMs);
    const facts = this.#exitFacts();
    this.#output.startLog.end(Date.now());
    const outcomeOf = (runId: string | null) =>
      maskedOutcome(this.#settings.mask, told ?? (outcomeOfExit(exit, { ...facts, runId }) as FailedStart));
    throw new StartFailure(outcomeOf, this.#output.startLog, exit.memoryPeakBytes);
  }
}
