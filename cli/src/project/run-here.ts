// Runs a project's handler on this very machine, with a debugger: the one way to stop it at a line. No jail,
// no limits, this machine's files and network: the terminal says so first. The event is what the runtime at
// Millrace makes of the input, asked for by a trial, and so is the answer made of the result. Called by
// `millrace dev --inspect`, `millrace trigger --inspect` and `millrace runs replay --local --inspect`.
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { MillraceClient, Schemas } from '@millrace/client';
import { ZipFile } from 'yazl';
import { CliError } from '../cli-error.ts';
import { readSecretText } from '../frame/ask-person.ts';
import type { Answer, Options } from '../frame/command.ts';
import type { Terminal } from '../frame/terminal.ts';
import { type Language, type Ran, startLocalProcess, type Told } from './local-process.ts';
import type { Project } from './project.ts';
import { type Cause, readDotEnv } from './try-project.ts';
import { uploadForm } from './upload-code.ts';

export type RanHere = Ran & { engine: string };

export type Place = {
  api: MillraceClient;
  terminal: Terminal;
  project: Project;
  /** Whose dialect makes the event; null: Millrace's own. */
  functionId: string | null;
  /** Of the debugger's door. */
  port: number;
  /** For a debugger, before the handler is called. */
  waits: boolean;
};

/** Calls the handler, in one process after another's end. */
export type Here = {
  call(cause: Cause): Promise<RanHere>;
  /** What a trigger's caller is answered with what came of it. */
  answerTo(cause: Cause, ran: RanHere): Promise<Schemas['Trial']>;
  close(how?: { now: boolean }): Promise<void>;
};

export const INSPECT_OPTIONS = {
  inspect: { type: 'boolean', about: 'on this machine, without a jail, for a debugger to attach to' },
  'inspect-port': { type: 'string', value: 'port', about: '9229 if it is left out' },
} as const satisfies Options;

/** @throws CliError `not_here` `no_debugger` */
export async function openHere({ api, terminal, project, functionId, port, waits }: Place): Promise<Here> {
  const { runtime = 'nodejs24.x', handler = 'index.handler' } = project.codeSettings;
  const language = languageOf(project);
  const process = await startLocalProcess({
    ...{ language, handler: String(handler), root: rootOf(project), inspectPort: port, waits },
    environment: { ...project.variables, ...(await secretsOf(project, terminal)) },
    onStandardError: terminal.asJson,
  });
  terminal.say(
    `Without a jail, on this machine, by ${process.engine} (there it is ${runtime}): it may do what you may.`,
  );
  const at = { api, functionId };
  return {
    async call(cause) {
      const tried = await tryCode(at, { runtime: String(runtime), ...ECHOES[language] }, cause);
      if (tried.result === null)
        throw new CliError('not_here', `its event could not be made: ${whyOf(tried.run)}`);
      return { engine: process.engine, ...(await process.call(tried.result as Told)) };
    },
    answerTo: (cause, ran) =>
      tryCode(at, { runtime: 'nodejs24.x', file: 'index.js', code: endOf(ran) }, cause),
    close: (how) => process.close(how),
  };
}

/** Once. @throws as {@link openHere} does */
export async function runHere(work: Omit<Place, 'waits'> & { cause: Cause }): Promise<RanHere> {
  const here = await openHere({ ...work, waits: true });
  const ran = await here.call(work.cause).catch(async (error: unknown) => {
    // It may wait for a debugger still.
    await here.close({ now: true });
    throw error;
  });
  await here.close();
  return ran;
}

/** @throws CliError `not_here` */
function languageOf({ codeSettings }: Project): Language {
  const { runtime = 'nodejs24.x', convention = 'handler' } = codeSettings;
  const [, language] = /^(node|python)/.exec(String(runtime)) ?? [];
  if (language !== undefined && convention === 'handler') return language as Language;
  const message = `${runtime}, ${convention}: handlers of Node and Python alone run with a debugger`;
  throw new CliError('not_here', message, { next: 'leave --inspect out' });
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

type Code = { runtime: string; file: string; code: string };

/** They return their own arguments: what the runtime there hands to a handler. */
const ECHOES: Readonly<Record<Language, Omit<Code, 'runtime'>>> = {
  node: {
    file: 'index.js',
    code: 'exports.handler = async (event, context) => ({ event, context });',
  },
  python: {
    file: 'index.py',
    code: `names = ['aws_request_id', 'function_name', 'function_version', 'invoked_function_arn',
         'memory_limit_in_mb', 'log_group_name', 'log_stream_name']
def handler(event, context):
    return {'event': event, 'context': {name: getattr(context, name, None) for name in names}}
`,
  },
};

/** Ends as the handler here did. */
function endOf({ result, error }: Ran): string {
  const body =
    error === null
      ? `return ${JSON.stringify(result)};`
      : `throw Object.assign(new Error(${JSON.stringify(error.message)}), { name: ${JSON.stringify(error.name)} });`;
  return `exports.handler = async () => { ${body} };`;
}

async function tryCode(
  { api, functionId }: Pick<Place, 'api' | 'functionId'>,
  { runtime, file, code }: Code,
  cause: Cause,
): Promise<Schemas['Trial']> {
  const archive = new ZipFile();
  archive.addBuffer(Buffer.from(code), file);
  archive.end();
  const settings = { runtime, handler: 'index.handler', convention: 'handler', ...cause };
  const body = uploadForm(settings, await buffer(archive.outputStream));
  return functionId === null
    ? await api.post('/functions/test', { body })
    : await api.post('/functions/{id}/test', { params: { path: { id: functionId } }, body });
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
