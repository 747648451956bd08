// Runs a project's handler on this very machine, by this terminal's Node, with its inspector: the one way to
// stop it at a line. No jail, no limits, this machine's files and network: the terminal says so first. The
// event is what the runtime at Millrace makes of the input, asked for by a trial. Called by `millrace trigger
// --inspect` and `millrace runs replay --local --inspect`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { MillraceClient, Schemas } from '@millrace/client';
import { ZipFile } from 'yazl';
import { CliError } from '../cli-error.ts';
import { readSecretText } from '../frame/ask-person.ts';
import type { Answer, Options } from '../frame/command.ts';
import type { Terminal } from '../frame/terminal.ts';
import type { Project } from './project.ts';
import { type Cause, readDotEnv } from './try-project.ts';
import { uploadForm } from './upload-code.ts';

export type RanHere = { engine: string; result: unknown; error: { name: string; stack: string } | null };

type Work = {
  api: MillraceClient;
  terminal: Terminal;
  project: Project;
  cause: Cause;
  /** Whose dialect makes the event; null: Millrace's own. */
  functionId: string | null;
  port: number;
};

export const INSPECT_OPTIONS = {
  inspect: { type: 'boolean', about: 'on this machine, without a jail, for a debugger to attach to' },
  'inspect-port': { type: 'string', value: 'port', about: '9229 if it is left out' },
} as const satisfies Options;

const NODE = /^nodejs/;

/** @throws CliError `not_here` `usage` */
export async function runHere(work: Work): Promise<RanHere> {
  const { project, terminal, port } = work;
  const { runtime = 'nodejs24.x', handler = 'index.handler', convention = 'handler' } = project.codeSettings;
  if (!NODE.test(String(runtime)) || convention !== 'handler') {
    throw new CliError(
      'not_here',
      `${runtime}, ${convention}: handlers of Node alone run with an inspector`,
      {
        next: 'leave --inspect out',
      },
    );
  }
  const told = await eventOf(work);
  terminal.say(
    `Without a jail, on this machine, by Node ${process.versions.node} (there it is ${runtime}): it may do what you may.`,
  );
  const environment = { ...project.variables, ...(await secretsOf(project, terminal)) };
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-here-'));
  try {
    const [program, answer] = [path.join(folder, 'run.mjs'), path.join(folder, 'answer.json')];
    writeFileSync(program, PROGRAM);
    writeFileSync(
      path.join(folder, 'asked.json'),
      JSON.stringify({ ...told, handler, root: rootOf(project), answer }),
    );
    const child = spawn(process.execPath, [`--inspect-brk=127.0.0.1:${port}`, program], {
      cwd: rootOf(project),
      env: { ...process.env, ...environment },
      // What the function prints isn't this command's answer.
      stdio: ['inherit', terminal.asJson ? 2 : 'inherit', 'inherit'],
    });
    const [status] = (await once(child, 'exit')) as [number | null];
    return { engine: `node v${process.versions.node}`, ...readAnswer(answer, status) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws CliError `usage` */
export function readInspectPort(given: string | undefined): number {
  const port = Number(given ?? 9229);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new CliError('usage', `--inspect-port: ${given} is no port`);
}

export function shownHere(data: RanHere): Answer {
  const text = data.error === null ? JSON.stringify(data.result, null, 2) : data.error.stack;
  return { data, text, exitStatus: data.error === null ? 0 : 1 };
}

function rootOf({ folder, root }: Project): string {
  return path.resolve(folder, root);
}

type Told = { event: unknown; context: Record<string, unknown> };

/** Returns its own arguments: what the runtime there hands to a handler. */
const ECHO = 'exports.handler = async (event, context) => ({ event, context });';

async function eventOf({ api, cause, functionId }: Work): Promise<Told> {
  const archive = new ZipFile();
  archive.addBuffer(Buffer.from(ECHO), 'index.js');
  archive.end();
  const settings = { runtime: 'nodejs24.x', handler: 'index.handler', convention: 'handler', ...cause };
  const body = uploadForm(settings, await buffer(archive.outputStream));
  const { run, result } =
    functionId === null
      ? await api.post('/functions/test', { body })
      : await api.post('/functions/{id}/test', { params: { path: { id: functionId } }, body });
  if (result === null) throw new CliError('not_here', `its event could not be made: ${whyOf(run)}`);
  return result as Told;
}

function whyOf({ status, error }: Schemas['Run']): string {
  return error === null ? status : `${error.type}: ${error.message}`;
}

/** Of `.env`; what isn't there is asked for, where a person can be. */
async function secretsOf(project: Project, terminal: Terminal): Promise<Record<string, string>> {
  const known = readDotEnv(project);
  const missing = project.secrets.filter((name) => !(name in known));
  if (!terminal.isInteractive) return known;
  for (const name of missing) {
    known[name] = await readSecretText(terminal, { from: undefined, question: `Value of ${name}` });
  }
  return known;
}

/** @throws CliError `failed` */
function readAnswer(file: string, status: number | null): Pick<RanHere, 'result' | 'error'> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Pick<RanHere, 'result' | 'error'>;
  } catch {
    throw new CliError('failed', `it ended with ${status} before it had answered`);
  }
}

/** What is run: it finds the handler as the runtime does, in short, and stops before it is called. */
const PROGRAM = `import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const asked = JSON.parse(readFileSync(new URL('asked.json', import.meta.url), 'utf8'));
const [file, ...members] = path.basename(asked.handler).split('.');
const place = path.join(asked.root, path.dirname(asked.handler), file);
const found = ['.js', '.mjs', '.cjs', '.ts'].map((ending) => place + ending).find((one) => existsSync(one));
const say = (answer) => writeFileSync(asked.answer, JSON.stringify(answer));
try {
  if (found === undefined) throw new Error(place + ' is not there');
  const loaded = await import(pathToFileURL(found));
  const handler = members.reduce((value, name) => value?.[name], loaded) ??
    members.reduce((value, name) => value?.[name], loaded.default);
  if (typeof handler !== 'function') throw new Error(asked.handler + ' is no function');
  const context = { ...asked.context, getRemainingTimeInMillis: () => 900_000 };
  debugger; // Step into the next line: it is your handler.
  const result = await new Promise((resolve, reject) => {
    const done = (error, value) => (error ? reject(error) : resolve(value));
    const returned = handler(asked.event, { ...context, done, succeed: resolve, fail: reject }, done);
    if (typeof returned?.then === 'function') returned.then(resolve, reject);
    else if (returned !== undefined && handler.length < 3) resolve(returned);
  });
  say({ result: result ?? null, error: null });
} catch (error) {
  console.error(error);
  say({ result: null, error: { name: error?.name ?? 'Error', stack: String(error?.stack ?? error) } });
}
`;
