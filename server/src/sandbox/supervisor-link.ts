// The server's end of the supervisor's socket: connects, connects again, sends requests and hands out their
// answers. Knows nothing of jails but their ids. Called by supervised-driver.ts alone.
import net, { type Socket } from 'node:net';
import type { Logger } from 'pino';
import { LineReader } from '../../../contract/line-reader.ts';
import type { SandboxExit } from '../../../contract/sandbox.ts';
import {
  type AssignParams,
  type BuildParams,
  type CounterFiles,
  type Hello,
  LINE_LIMIT_BYTES,
  type PrepareParams,
  type StartParams,
  type SupervisorMessage,
} from '../../../contract/supervisor-requests.ts';

const RECONNECT_AFTER_MS = 200;
/** What is said of a sandbox whose supervisor is gone: it has died with it. */
const KILLED: SandboxExit = { code: null, signal: 'SIGKILL', outOfMemory: false, memoryPeakBytes: null };
const LOST: SandboxExit = { ...KILLED, isLost: true };

type Request =
  | { method: 'start'; params: StartParams }
  | { method: 'prepare'; params: PrepareParams }
  | { method: 'assign'; params: AssignParams }
  | { method: 'build'; params: BuildParams }
  | { method: 'kill'; params: { id: string } };
type Answer = Extract<SupervisorMessage, { seq: number }>;
export type StartedSandbox = CounterFiles & { exited: Promise<SandboxExit> };

export class SupervisorLink {
  /** Settles at the first connection; also when the link is closed before. */
  readonly ready: Promise<void>;
  private readonly firstWelcome = Promise.withResolvers<void>();
  private readonly socketPath: string;
  private readonly log: Logger;
  private readonly pending = new Map<number, PromiseWithResolvers<Answer>>();
  private readonly exits = new Map<string, PromiseWithResolvers<SandboxExit>>();
  private socket: Socket | null = null;
  private isWelcome = false;
  private isClosed = false;
  private reconnectTimer: NodeJS.Timeout | undefined;
  private lastSeq = 0;

  constructor(socketPath: string, log: Logger) {
    this.socketPath = socketPath;
    this.log = log;
    this.ready = this.firstWelcome.promise;
    this.connect();
  }

  /** @throws Error when the supervisor is away or refuses */
  start(params: StartParams): Promise<StartedSandbox> {
    return this.begin(params.id, { method: 'start', params });
  }

  /** Starts a sandbox without code. @throws Error when the supervisor is away or refuses */
  prepare(params: PrepareParams): Promise<StartedSandbox> {
    return this.begin(params.id, { method: 'prepare', params });
  }

  /** Starts a jail that installs packages. @throws Error when the supervisor is away or refuses */
  build(params: BuildParams): Promise<StartedSandbox> {
    return this.begin(params.id, { method: 'build', params });
  }

  /** Gives a prepared sandbox its code. @throws Error when it gets none: it is being killed then */
  async assign(params: AssignParams): Promise<void> {
    const answer = await this.request({ method: 'assign', params });
    if (answer.type === 'refused') throw new Error(answer.message);
  }

  private async begin(id: string, request: Request): Promise<StartedSandbox> {
    const exit = Promise.withResolvers<SandboxExit>();
    this.exits.set(id, exit);
    try {
      const answer = await this.request(request);
      if (answer.type !== 'started') throw new Error(answer.type === 'refused' ? answer.message : 'no start');
      const { memoryPeakFile, cpuUsageFile } = answer;
      return { memoryPeakFile, cpuUsageFile, exited: exit.promise };
    } catch (error) {
      this.exits.delete(id);
      // A close meanwhile waits for it.
      exit.resolve(KILLED);
      throw error;
    }
  }

  /** Resolves when there is a supervisor to ask. @throws Error when none has come within the time */
  async connected(timeoutMs: number): Promise<void> {
    const giveUpAt = performance.now() + timeoutMs;
    while (!this.isWelcome) {
      if (this.isClosed || performance.now() > giveUpAt) throw new Error('the supervisor is away');
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_AFTER_MS));
    }
  }

  /** Idempotent; what has ended already is left alone. */
  kill(id: string): void {
    if (!this.exits.has(id)) return;
    this.request({ method: 'kill', params: { id } }).catch((error: unknown) =>
      this.log.debug({ err: error, sandbox: id }, 'the sandbox went with its supervisor'),
    );
  }

  /** Kills every sandbox, waits until they are gone, and disconnects. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.reconnectTimer);
    const exits = [...this.exits.entries()];
    for (const [id] of exits) this.kill(id);
    await Promise.all(exits.map(([, exit]) => exit.promise));
    this.firstWelcome.resolve();
    this.socket?.end();
  }

  private request(request: Request): Promise<Answer> {
    const answer = Promise.withResolvers<Answer>();
    if (this.socket === null || !this.isWelcome) {
      answer.reject(new Error('the supervisor is away'));
      return answer.promise;
    }
    this.lastSeq += 1;
    this.pending.set(this.lastSeq, answer);
    this.socket.write(`${JSON.stringify({ seq: this.lastSeq, ...request })}\n`);
    return answer.promise;
  }

  private connect(): void {
    const socket = net.connect(this.socketPath);
    const reader = new LineReader(LINE_LIMIT_BYTES);
    const greeting: Hello = { role: 'requests' };
    this.socket = socket;
    socket.once('connect', () => socket.write(`${JSON.stringify(greeting)}\n`));
    socket.on('data', (chunk: Buffer) => {
      for (const line of reader.push(chunk)) this.receive(JSON.parse(line) as SupervisorMessage);
    });
    socket.on('error', (error) => this.log.debug({ err: error }, 'the supervisor is out of reach'));
    socket.once('close', () => this.onDisconnect());
  }

  private receive(message: SupervisorMessage): void {
    if (message.type === 'welcome') {
      this.isWelcome = true;
      this.firstWelcome.resolve();
    } else if (message.type === 'exited') {
      const { type: _type, id, ...exit } = message;
      this.exits.get(id)?.resolve(exit);
      this.exits.delete(id);
    } else {
      this.pending.get(message.seq)?.resolve(message);
      this.pending.delete(message.seq);
    }
  }

  private onDisconnect(): void {
    if (this.isWelcome && !this.isClosed) this.log.error('the supervisor is gone, and all sandboxes with it');
    this.isWelcome = false;
    this.socket = null;
    for (const answer of this.pending.values()) answer.reject(new Error('the supervisor is gone'));
    this.pending.clear();
    for (const exit of this.exits.values()) exit.resolve(this.isClosed ? KILLED : LOST);
    this.exits.clear();
    if (!this.isClosed) this.reconnectTimer = setTimeout(() => this.connect(), RECONNECT_AFTER_MS);
  }
}
