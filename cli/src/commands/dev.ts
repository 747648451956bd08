// `millrace dev`: the project at a local address, each request a run in the jail of the Millrace that this
// terminal is signed in to; or, with a debugger, a call in a process of this machine. A save loads the code
// anew, and says at once what is wrong with it. Nothing of it is deployed.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { MillraceClient, Schemas } from '@millrace/client';
import { CliError } from '../cli-error.ts';
import { defineCommand } from '../frame/command.ts';
import { tellError } from '../frame/show-error.ts';
import { showDuration } from '../frame/show-time.ts';
import type { Terminal } from '../frame/terminal.ts';
import { followSaves } from '../project/follow-saves.ts';
import { whyForeign } from '../project/foreign-request.ts';
import { type Packed, packProject } from '../project/pack-project.ts';
import { type Project, readProject } from '../project/project.ts';
import { type Here, INSPECT_OPTIONS, openHere, readInspectPort } from '../project/run-here.ts';
import { type Cause, loadProject, triedSettings, tryProject } from '../project/try-project.ts';

const USUAL_PORT = 8787;
/** Editors write a file in several steps. */
const SETTLED_AFTER_MS = 50;
const MOST_BODY_BYTES = 5_000_000;

type Loaded = { project: Project; packed: Packed };
/** What a refusal of this program's own is answered with. */
const STATUS: Readonly<Record<string, number>> = { foreign_request: 403, payload_too_large: 413 };

type Work = {
  api: MillraceClient;
  terminal: Terminal;
  folder: string;
  loaded: Loaded | null;
  /** What was loaded last, to compare; null: it went wrong. */
  loadedState: string | null;
  /** Names besides those of this machine that requests may ask for. */
  hosts: readonly string[];
  /** Of the debugger's door; null: in a jail of Millrace. */
  inspectPort: number | null;
  here: Promise<Here> | null;
  /** Of what runs here: one at a time, as in an instance. */
  last: Promise<unknown>;
};

export const command = defineCommand({
  about: 'Runs a project at a local address, anew after each save; Ctrl+C ends',
  example: 'millrace dev --port 8787',
  operands: [{ name: 'folder', about: 'of the project; this one if it is left out', optional: true }],
  options: {
    port: { type: 'string', about: `of the local address; ${USUAL_PORT} if it is left out` },
    host: {
      type: 'string',
      multiple: true,
      value: 'name',
      about: 'requests may name it, too: of a tunnel that leads here',
    },
    ...INSPECT_OPTIONS,
  },
  async run({ operands, options, client, terminal }) {
    const folder = path.resolve(operands.folder ?? '.');
    const inspectPort = options.inspect === true ? readInspectPort(options['inspect-port']) : null;
    const work: Work = {
      ...{ api: await client(), terminal, folder, loaded: null, loadedState: null },
      hosts: options.host ?? [],
      ...{ inspectPort, here: null, last: Promise.resolve() },
    };
    readProject(folder);
    const port = readPort(options.port);
    const server = createServer((request, response) => void answer(work, request, response));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening').catch((error: Error) => {
      throw new CliError('port_taken', error.message, { next: `millrace dev --port ${port + 1}` });
    });
    await load(work);
    say(terminal, {
      event: 'listening',
      text: `http://127.0.0.1:${(server.address() as AddressInfo).port} (Ctrl+C ends)`,
    });
    await loadAtSaves(work);
    return undefined;
  },
});

/** @throws CliError `usage` */
function readPort(given: string | undefined): number {
  const port = Number(given ?? USUAL_PORT);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new CliError('usage', `--port: ${given} is no port`, { next: 'millrace dev --port 8787' });
}

async function load(work: Work): Promise<void> {
  const { api, terminal, folder } = work;
  const begunMs = performance.now();
  try {
    const project = readProject(folder);
    const packed = await packProject(project, terminal.say);
    const state = JSON.stringify([packed.hash, triedSettings(project)]);
    if (state === work.loadedState) return;
    work.loadedState = state;
    work.loaded = { project, packed };
    const { loads, error, logs } = await loadProject(api, project, packed);
    for (const { stream, text } of logs) if (stream !== 'platform') say(terminal, { event: 'log', text });
    const took = showDuration(performance.now() - begunMs);
    const text = loads
      ? `loaded in ${took}`
      : `doesn't load: ${error?.type}: ${error?.stack || error?.message}`;
    say(terminal, { event: loads ? 'loaded' : 'broken', text });
    if (loads && work.inspectPort !== null) await startHere(work, project, work.inspectPort);
  } catch (error) {
    work.loadedState = null;
    const { code, message } = tellError(error, null).error;
    say(terminal, { event: 'broken', text: `${code}: ${message}` });
  }
}

/** The process of the code before ends first: it has the door. */
async function startHere(work: Work, project: Project, port: number): Promise<void> {
  const { api, terminal, here } = work;
  await (await here?.catch(() => null))?.close({ now: true });
  work.here = openHere({ api, terminal, project, functionId: null, port, waits: false });
  await work.here;
}

/** Never ends by itself. */
async function loadAtSaves(work: Work): Promise<never> {
  let settled: NodeJS.Timeout | undefined;
  let loading = Promise.resolve();
  followSaves(work.folder, () => {
    clearTimeout(settled);
    settled = setTimeout(() => {
      loading = loading.then(() => load(work));
    }, SETTLED_AFTER_MS);
  });
  return await new Promise<never>(() => {});
}

async function answer(work: Work, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { api, terminal, loaded } = work;
  const line = `${request.method} ${request.url}`;
  try {
    const foreign = whyForeign(request.headers, work.hosts);
    if (foreign !== null) throw new CliError('foreign_request', foreign);
    if (loaded === null) throw new CliError('not_loaded', 'the project is not loaded yet');
    const input = await readRequest(request);
    const cause = { trigger: 'function_url', input };
    const { run, answer, logs } = await (work.here === null
      ? tryProject(api, loaded.project, loaded.packed, cause)
      : runInTurn(work, await work.here, cause));
    for (const { stream, text } of logs) if (stream !== 'platform') say(terminal, { event: 'log', text });
    const { status = 500, headers = {}, body = '', base64 = false } = answer ?? {};
    response.writeHead(status, headers).end(base64 ? Buffer.from(body, 'base64') : body);
    const why = run.error === null ? '' : ` ${run.error.type}: ${run.error.message}`;
    say(terminal, { event: 'request', text: `${line} ${status} ${showDuration(run.duration_ms)}${why}` });
  } catch (error) {
    const { code, message } = tellError(error, null).error;
    const status = STATUS[code] ?? 500;
    // What of the request is unread stays so.
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify({ error: { code, message } }));
    say(terminal, { event: 'request', text: `${line} ${status} ${code}: ${message}` });
  }
}

/** What it prints is on the terminal already; the log is the one of the trial that makes the answer. */
async function runInTurn(work: Work, here: Here, cause: Cause): Promise<Schemas['Trial']> {
  const turn = work.last.then(async () => await here.answerTo(cause, await here.call(cause)));
  // One that has ended the process, or that Millrace didn't take: the next gets a process that is whole.
  work.last = turn.catch(async () => {
    if (work.loaded !== null && work.inspectPort !== null)
      await startHere(work, work.loaded.project, work.inspectPort);
  });
  return { ...(await turn), logs: [] };
}

/** @throws CliError `payload_too_large` */
async function readRequest(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await readBody(request);
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
  const isText = body.equals(Buffer.from(body.toString('utf8')));
  const { connection: _, 'transfer-encoding': __, ...headers } = request.headers;
  return {
    ...{ method: request.method, path: pathname, query: search.slice(1) },
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body: body.length === 0 ? null : body.toString(isText ? 'utf8' : 'base64'),
    base64: !isText,
  };
}

/** @throws CliError `payload_too_large` */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = Number(request.headers['content-length'] ?? 0) > MOST_BODY_BYTES ? Infinity : 0;
  const isOver = (): boolean => sizeBytes > MOST_BODY_BYTES;
  if (!isOver()) {
    // The answer goes by the same connection: leaving early keeps it.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (isOver()) break;
    }
  }
  if (isOver()) throw new CliError('payload_too_large', `a body has ${MOST_BODY_BYTES} bytes at most`);
  return Buffer.concat(chunks);
}

function say(terminal: Terminal, said: { event: string; text: string }): void {
  if (terminal.asJson) {
    terminal.print(JSON.stringify(said));
    return;
  }
  const style = said.event === 'broken' ? 'red' : said.event === 'loaded' ? 'green' : 'dim';
  terminal.print(said.event === 'log' ? `  ${said.text}` : terminal.paint(style, said.text));
}
