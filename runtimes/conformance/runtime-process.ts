// Starts a runtime as a plain child process, without any jail, and speaks the server's side of the contract
// with it. Used by the conformance suite alone.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { dotnetEnvironment } from '../../contract/dotnet-environment.ts';
import {
  type AskError,
  type AskHead,
  encodeFrame,
  encodeTwoPartFrame,
  FRAME,
  FrameReader,
  LAMBDA_PAYLOAD_LIMIT_BYTES,
  type OutcomeHead,
  type ReadyPayload,
  type ReplyHead,
  type StartPayload,
  splitPayload,
} from '../../contract/frames.cjs';
import { javaArguments } from '../../contract/java-launch.ts';
import { DOTNET_HOST, JAVA_RUNTIME } from '../../contract/paths.ts';
import { runtimeLaunch } from '../../contract/runtime-launch.ts';

export const handlersFolder = fileURLToPath(new URL('./handlers', import.meta.url));
const runtimeFolder = fileURLToPath(new URL('../node', import.meta.url));
const pythonEntry = fileURLToPath(new URL('../python/bootstrap.py', import.meta.url));
const providedEntry = fileURLToPath(new URL('../provided/bootstrap.cjs', import.meta.url));

/** How the runtimes are started that have one way to be. */
const PLAIN_LAUNCHES = {
  python: () => ({ args: ['-S', '-B', pythonEntry], environment: {} }),
  provided: () => ({ args: [providedEntry], environment: {} }),
  java: (engine: string) => ({
    args: javaArguments({
      memoryMb: 256,
      runtime: path.join(path.dirname(engine), '..', JAVA_RUNTIME),
      trustStore: null,
    }),
    environment: {},
  }),
  dotnet: (engine: string) => ({
    args: [path.join(path.dirname(engine), DOTNET_HOST)],
    environment: dotnetEnvironment({
      ...{ memoryMb: 256, hasIcu: true },
      provided: { node: process.execPath, entry: providedEntry },
    }),
  }),
};

/** Frames larger than this from a runtime would end its sandbox. */
const FRAME_LIMIT_BYTES = LAMBDA_PAYLOAD_LIMIT_BYTES + 1024 * 1024;

export type ErrorObject = { errorType: string; errorMessage: string; trace: string[] };
export type Frame = { type: number; nonce: Buffer; payload: Buffer };
export type Question = AskHead & { args: unknown[] };
export type Outcome = {
  ok: boolean;
  /** The result, or the error object. */
  body: unknown;
  head: OutcomeHead;
  requestId: string;
};

/** What differs from an ordinary function. */
export type Settings = Partial<StartPayload> & {
  engine?: string;
  language?: 'node' | 'python' | 'provided' | 'java' | 'dotnet';
  reuse?: 'warm' | 'none';
};

export class RuntimeProcess {
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  readonly #child: ChildProcess;
  readonly #control: Duplex;
  /** Nonces of the runs whose code the runtime has said that it calls, in order. */
  readonly begun: Buffer[] = [];
  readonly #frames: Frame[] = [];
  #wakeUp: () => void = () => {};
  #ended = false;
  #output = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  #runs = 0;
  readonly #nonce = randomBytes(8);

  /** @param handler a handler string inside the handlers folder */
  constructor(handler: string, settings: Settings = {}) {
    const { engine = process.execPath, language = 'node', reuse = 'warm', ...start } = settings;
    const launch =
      language === 'node'
        ? runtimeLaunch({ runtimeDir: runtimeFolder, reuse, canFork: true, isJailed: false })
        : PLAIN_LAUNCHES[language](engine);
    this.#child = spawn(engine, launch.args, {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: { LEFT_OVER: 'of the server', PATH: '/usr/bin:/bin', ...launch.environment },
    });
    this.#control = this.#child.stdio[3] as Duplex;
    this.exited = new Promise((resolve) => {
      this.#child.on('close', (code, signal) => {
        this.#ended = true;
        this.#wakeUp();
        resolve({ code, signal });
      });
    });
    this.#readFrames();
    this.#collect('stdout', this.#child.stdout);
    this.#collect('stderr', this.#child.stderr);
    this.send(FRAME.START, this.#nonce, Buffer.from(JSON.stringify({ ...startPayload(handler), ...start })));
  }

  send(type: number, nonce: Buffer, payload: Buffer): void {
    this.#control.write(encodeFrame(type, nonce, payload));
  }

  sendBytes(bytes: Buffer): void {
    this.#control.write(bytes);
  }

  /** @returns the next frame, those that say BEGUN left aside; null when the process has ended without one */
  async nextFrame(): Promise<Frame | null> {
    for (;;) {
      while (this.#frames.length === 0 && !this.#ended) await this.#progress();
      const frame = this.#frames.shift() ?? null;
      if (frame?.type !== FRAME.BEGUN) return frame;
      this.begun.push(frame.nonce);
    }
  }

  /** @returns what READY says, or the error object of INIT_ERROR */
  async ready(): Promise<Partial<ReadyPayload & ErrorObject>> {
    const frame = await this.nextFrame();
    if (frame === null) throw new Error(`the runtime ended while starting: ${this.stderr}`);
    if (!frame.nonce.equals(this.#nonce)) throw new Error('a frame about the sandbox without its nonce');
    return JSON.parse(frame.payload.toString());
  }

  /** Starts a run. @returns its nonce */
  invoke(event: unknown, deadlineMs = Date.now() + 60_000): Buffer {
    const nonce = randomBytes(8);
    this.#runs += 1;
    const head = { requestId: `run-${this.#runs}`, deadlineMs, functionArn: 'arn:millrace:function:zoo' };
    this.#control.write(
      encodeTwoPartFrame(FRAME.INVOKE, nonce, JSON.stringify(head), JSON.stringify(event ?? null)),
    );
    return nonce;
  }

  /** @returns the outcome of the run that `nonce` names, or null when the process ended without one */
  async outcome(nonce: Buffer): Promise<Outcome | null> {
    const frame = await this.nextFrame();
    if (frame === null) return null;
    if (!frame.nonce.equals(nonce)) throw new Error('an outcome with the nonce of no run');
    const { head, body } = splitPayload(frame.payload);
    return {
      ok: frame.type === FRAME.RESULT,
      body: JSON.parse(body.toString()),
      head: JSON.parse(head.toString()),
      requestId: `run-${this.#runs}`,
    };
  }

  /** The next question of the run that `nonce` names. */
  async question(nonce: Buffer): Promise<Question> {
    const frame = await this.nextFrame();
    if (frame === null || frame.type !== FRAME.ASK) throw new Error(`no question but ${frame?.type}`);
    if (!frame.nonce.equals(nonce)) throw new Error('a question with the nonce of no run');
    const { head, body } = splitPayload(frame.payload);
    return { ...(JSON.parse(head.toString()) as AskHead), args: JSON.parse(body.toString()) };
  }

  /** Answers a question with a result. */
  reply(nonce: Buffer, id: number, result: unknown): void {
    this.#reply(nonce, { id, ok: true }, result);
  }

  /** Answers a question with a refusal. */
  refuse(nonce: Buffer, id: number, error: AskError): void {
    this.#reply(nonce, { id, ok: false }, error);
  }

  #reply(nonce: Buffer, head: ReplyHead, body: unknown): void {
    this.#control.write(encodeTwoPartFrame(FRAME.REPLY, nonce, JSON.stringify(head), JSON.stringify(body)));
  }

  /** One whole run of a runtime that is expected to answer. */
  async run(event?: unknown): Promise<Outcome> {
    const outcome = await this.outcome(this.invoke(event));
    if (outcome === null) throw new Error(`no outcome; stdout: ${this.stdout} stderr: ${this.stderr}`);
    return outcome;
  }

  /** Waits for as much of stdout as the outcome says has been written. */
  async stdoutUpTo(sizeBytes: number): Promise<string> {
    while (this.#output.stdout.length < sizeBytes && !this.#ended) await this.#progress();
    return this.#output.stdout.subarray(0, sizeBytes).toString();
  }

  /** Waits until stdout as a whole matches. @throws when the process ends before */
  async stdoutMatching(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.stdout)) {
      if (this.#ended) throw new Error(`ended, stdout: ${this.stdout}`);
      await this.#progress();
    }
  }

  get stdout(): string {
    return this.#output.stdout.toString();
  }

  get stderr(): string {
    return this.#output.stderr.toString();
  }

  get frameCount(): number {
    return this.#frames.length;
  }

  /** Lets the child block on a full pipe until `resume`. */
  pauseStdout(): void {
    this.#child.stdout?.pause();
  }

  resumeStdout(): void {
    this.#child.stdout?.resume();
  }

  /** Closes the control socket, as a server does that has no more use for the sandbox. */
  async close(): Promise<{ code: number | null; signal: string | null }> {
    this.#control.destroy();
    return this.exited;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  #progress(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeUp = resolve;
    });
  }

  #readFrames(): void {
    const reader = new FrameReader(FRAME_LIMIT_BYTES);
    this.#control.on('data', (chunk: Buffer) => {
      reader.push(chunk, (type, nonce, payload) => this.#frames.push({ type, nonce, payload }));
      this.#wakeUp();
    });
    this.#control.on('error', () => this.#control.destroy()); // the child is gone: `exited` tells
  }

  #collect(name: 'stdout' | 'stderr', stream: Readable | null): void {
    stream?.on('data', (chunk: Buffer) => {
      this.#output[name] = Buffer.concat([this.#output[name], chunk]);
      this.#wakeUp();
    });
  }
}

function startPayload(handler: string): StartPayload {
  return {
    handler,
    convention: 'lambda',
    taskRoot: handlersFolder,
    env: { PATH: '/usr/bin:/bin', GREETING: 'hello', 'WITH SPACE': 'yes' },
    functionName: 'zoo',
    functionVersion: '$LATEST',
    memoryMb: 256,
    logGroupName: '/aws/lambda/zoo',
    logStreamName: '2030/01/02/[$LATEST]0123456789abcdef0123456789abcdef',
    resultLimitBytes: LAMBDA_PAYLOAD_LIMIT_BYTES,
  };
}
