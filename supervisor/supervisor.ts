// Answers the server's requests on a Unix socket: checks every line against its shape, starts and kills
// jails, and says when they end. Holds to one rule: jails live no longer than the server's connection.
// Composed by supervise.ts.
//
// A connection:   hello awaited -> requests (one at a time) | channel (waits for its jail) -> closed
import { chmodSync, chownSync, rmSync } from 'node:fs';
import net, { type Socket } from 'node:net';
import path from 'node:path';
import type { Logger } from 'pino';
import { LineReader } from '../contract/line-reader.ts';
import type { SandboxExit } from '../contract/sandbox.ts';
import {
  type AssignParams,
  type CounterFiles,
  LINE_LIMIT_BYTES,
  SUPERVISOR_SOCKET,
  type SupervisorMessage,
  type SupervisorRequest,
} from '../contract/supervisor-requests.ts';
import { type Channels, type Jail, type JailSite, startJail } from './jail.ts';
import type { JailParams } from './jail-contents.ts';
import { PendingChannels } from './pending-channels.ts';
import { readHello, readRequest } from './read-request.ts';

export type SupervisorParams = {
  site: JailSite;
  runDir: string;
  /** Who may connect. */
  serverUid: number;
  log: Logger;
};

export type Supervisor = {
  /** Kills every jail, waits until nothing of them is left, and removes the socket. */
  close(): Promise<void>;
};

export async function openSupervisor(params: SupervisorParams): Promise<Supervisor> {
  const socketPath = path.join(params.runDir, SUPERVISOR_SOCKET);
  const connections = new Set<Socket>();
  const state: State = { ...params, channels: new PendingChannels(), jails: new Map() };
  const listener = net.createServer((socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    awaitHello(state, socket);
  });
  rmSync(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(socketPath, resolve);
  });
  chownSync(socketPath, params.serverUid, -1);
  chmodSync(socketPath, 0o600);
  return {
    close: async () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const socket of connections) socket.destroy();
      await closed;
      await endJails([...state.jails.values()]);
    },
  };
}

type State = {
  site: JailSite;
  channels: PendingChannels;
  /** By sandbox id; a jail that is being built is there as a promise. */
  jails: Map<string, Promise<Jail>>;
  log: Logger;
};

/** The first line says what a connection is for. A client that sends garbage is disconnected. */
function awaitHello(state: State, socket: Socket): void {
  const reader = new LineReader(LINE_LIMIT_BYTES);
  socket.on('error', (error) => state.log.debug({ err: error }, 'a connection of the server failed'));
  const onData = (chunk: Buffer): void => {
    const lines = readLines(state, socket, { reader, chunk });
    const first = lines.shift();
    if (first === undefined) return;
    socket.off('data', onData);
    const greeting = readHello(first);
    if (greeting === null || lines.length > 0) {
      state.log.warn('a connection was refused: it began with something else than a hello line');
      socket.destroy();
    } else if ('channel' in greeting) state.channels.offer(greeting.sandbox, greeting.channel, socket);
    else if (greeting.role === 'calls') state.site.calls.serve(socket);
    else serveRequests(state, socket, reader);
  };
  socket.on('data', onData);
}

function serveRequests(state: State, socket: Socket, reader: LineReader): void {
  const own = new Map<string, Promise<Jail>>();
  const say = (message: SupervisorMessage): void => {
    if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
  };
  socket.on('data', (chunk: Buffer) => {
    for (const line of readLines(state, socket, { reader, chunk })) {
      const read = readRequest(line);
      if ('request' in read) handle(state, read.request, { own, say });
      else {
        state.log.error({ problems: read.problems }, 'a request has another shape than agreed');
        socket.destroy();
        return;
      }
    }
  });
  socket.once('close', () => {
    if (own.size > 0) state.log.warn({ sandboxes: own.size }, 'the server is gone: its sandboxes are killed');
    void endJails([...own.values()]);
  });
  say({ type: 'welcome' });
}

/** One connection's own jails and its way to answer. */
type Session = { own: Map<string, Promise<Jail>>; say(message: SupervisorMessage): void };

function handle(state: State, request: SupervisorRequest, session: Session): void {
  const wanted = wantedJail(request);
  if (wanted !== null) {
    void start(state, wanted, session).then(
      (files) => session.say({ type: 'started', seq: request.seq, ...files }),
      (error: unknown) => {
        state.log.error({ err: error, sandbox: wanted.id }, 'a jail was not built');
        session.say({ type: 'refused', seq: request.seq, message: describe(error) });
      },
    );
    return;
  }
  if (request.method === 'assign') {
    void assign(request.params, session).then(
      () => session.say({ type: 'done', seq: request.seq }),
      (error: unknown) => {
        state.log.warn({ err: error, sandbox: request.params.id }, 'a blank jail got no code');
        session.say({ type: 'refused', seq: request.seq, message: describe(error) });
      },
    );
    return;
  }
  if (request.method !== 'kill') return;
  // One that isn't there has ended already: that is what was asked for. One that isn't built is its starter's
  // to report.
  void session.own.get(request.params.id)?.then(
    (jail) => jail.kill(),
    () => {},
  );
  session.say({ type: 'done', seq: request.seq });
}

/** @returns null for a request that starts nothing */
function wantedJail(request: SupervisorRequest): JailParams | null {
  if (request.method === 'start') return { kind: 'function', ...request.params };
  if (request.method === 'prepare') return { kind: 'blank', ...request.params };
  if (request.method === 'build') return { kind: 'build', ...request.params };
  return null;
}

async function assign({ id, ...code }: AssignParams, session: Session): Promise<void> {
  const jail = await session.own.get(id);
  if (jail === undefined) throw new Error(`there is no sandbox ${id}`);
  await jail.assign(code);
}

async function start(state: State, params: JailParams, session: Session): Promise<CounterFiles> {
  const { id } = params;
  if (state.jails.has(id)) throw new Error(`there is a sandbox ${id} already`);
  const starting = takeChannelsAndStart(state, params);
  state.jails.set(id, starting);
  session.own.set(id, starting);
  try {
    const jail = await starting;
    void jail.exited
      .then((exit) => session.say({ type: 'exited', id, ...exit }), reportLost(state, session, id))
      .finally(() => session.own.delete(id));
    void jail.gone.then(() => state.jails.delete(id));
    return { memoryPeakFile: jail.memoryPeakFile, cpuUsageFile: jail.cpuUsageFile };
  } catch (error) {
    state.jails.delete(id);
    session.own.delete(id);
    throw error;
  }
}

/** The end of a jail must be reported in any case: the server waits for it. */
function reportLost(state: State, session: Session, id: string): (error: unknown) => void {
  return (error) => {
    state.log.error({ err: error, sandbox: id }, "a jail's end can't be read");
    const exit: SandboxExit = { code: null, signal: 'SIGKILL', outOfMemory: false, memoryPeakBytes: null };
    session.say({ type: 'exited', id, ...exit });
  };
}

async function takeChannelsAndStart(state: State, params: JailParams): Promise<Jail> {
  const channels: Channels = await state.channels.take(params.id);
  try {
    return await startJail(state.site, params, channels);
  } finally {
    for (const socket of Object.values(channels)) socket.destroy();
  }
}

async function endJails(jails: Promise<Jail>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(jails)) {
    if (outcome.status === 'rejected') continue;
    outcome.value.kill();
    await outcome.value.gone;
  }
}

function readLines(state: State, socket: Socket, from: { reader: LineReader; chunk: Buffer }): string[] {
  try {
    return from.reader.push(from.chunk);
  } catch (error) {
    state.log.error({ err: error }, 'the connection to the server is unusable');
    socket.destroy();
    return [];
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
