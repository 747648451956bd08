// A process on this very machine that runs a project's handler, again and again, with a debugger's door
// open: this terminal's Node, or the Python that this machine has. No jail, no limits, this machine's files
// and network. Called by run-here.ts.
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { CliError } from '../cli-error.ts';
import { childEnvironment } from './child-environment.ts';
import { ASKED, type Asked, NODE_PROGRAM, PYTHON_PROGRAM } from './local-programs.ts';

export type Told = { event: unknown; context: Record<string, unknown> };
export type Ran = {
  result: unknown;
  error: { name: string; message: string; stack: string } | null;
};

export type LocalProcess = {
  /** e.g. `node v24.1.0`. */
  engine: string;
  /** One at a time. @throws CliError `failed` when it ends before it has answered */
  call(told: Told): Promise<Ran>;
  /**
   * Resolves when it has ended: a debugger that is attached keeps it, but where it must end `now`.
   */
  close(how?: { now: boolean }): Promise<void>;
};

export type Language = 'node' | 'python';
export type Start = Pick<Asked, 'handler' | 'root' | 'inspectPort' | 'waits'> & {
  language: Language;
  environment: Record<string, string>;
  /** Whether what it prints isn't this command's answer. */
  onStandardError: boolean;
};

/** @throws CliError `no_debugger` */
export async function startLocalProcess(start: Start): Promise<LocalProcess> {
  const { language, environment, onStandardError, ...asked } = start;
  const { engine, command, args, program } = language === 'node' ? nodeOf(asked) : pythonOf();
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-here-'));
  const word = randomUUID();
  const { server, port, joined } = await listen(word);
  const file = path.join(folder, language === 'node' ? 'run.mjs' : 'run.py');
  writeFileSync(file, program);
  const child = spawn(command, [...args, file], {
    cwd: asked.root,
    env: {
      ...{ ...childEnvironment(process.env), PYTHONUNBUFFERED: '1', ...environment },
      [ASKED]: JSON.stringify({ ...asked, port, word } satisfies Asked),
    },
    stdio: ['inherit', onStandardError ? 2 : 'inherit', 'inherit'],
  });
  const forget = removeAtEnd(folder);
  const ended = once(child, 'exit').then(([status]) => {
    server.close();
    forget();
    return status as number | null;
  });
  const over = ended.then((status) => {
    throw new CliError('failed', `it ended with ${status ?? child.signalCode} before it had answered`);
  });
  over.catch(() => {});
  // Where it waits, it joins when a debugger lets it.
  if (!asked.waits) await Promise.race([joined, over]);
  const talk = converse(joined, over);
  return {
    engine,
    call: talk,
    async close(how) {
      server.close();
      if (how?.now === true) child.kill('SIGKILL');
      void joined.then((socket) => socket.end());
      await ended;
    },
  };
}

const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @returns removes the folder; it goes as well when this program is ended from outside */
function removeAtEnd(folder: string): () => void {
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const end = (signal: NodeJS.Signals): void => {
    forget();
    process.kill(process.pid, signal);
  };
  const forget = (): void => {
    for (const signal of ENDINGS) process.off(signal, end);
    remove();
  };
  for (const signal of ENDINGS) process.on(signal, end);
  return forget;
}

/** Sends a line, and gets the next. */
function converse(joined: Promise<Socket>, over: Promise<never>): LocalProcess['call'] {
  const lines = joined.then((socket) => createInterface({ input: socket })[Symbol.asyncIterator]());
  return async (told) => {
    const socket = await Promise.race([joined, over]);
    socket.write(`${JSON.stringify(told)}\n`);
    const next = await Promise.race([lines.then((all) => all.next()), over]);
    return next.done === true ? await over : (JSON.parse(next.value) as Ran);
  };
}

/** Another process of this machine may find the port; it doesn't know the word. */
async function listen(word: string): Promise<{ server: Server; port: number; joined: Promise<Socket> }> {
  const server = createServer();
  const joined = new Promise<Socket>((resolve) => {
    server.on('connection', (socket) => {
      socket.on('error', () => {});
      socket.once('readable', () => {
        const first: Buffer | null = socket.read(word.length + 1);
        if (first?.toString() === `${word}\n`) resolve(socket);
        else socket.destroy();
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as { port: number }).port, joined };
}

type Engine = { engine: string; command: string; args: string[]; program: string };

function nodeOf({ inspectPort, waits }: Pick<Asked, 'inspectPort' | 'waits'>): Engine {
  const door = `--inspect${waits ? '-brk' : ''}=127.0.0.1:${inspectPort}`;
  const engine = `node v${process.versions.node}`;
  return { engine, command: process.execPath, args: [door], program: NODE_PROGRAM };
}

/** @throws CliError `no_debugger` */
function pythonOf(): Engine {
  const command = process.platform === 'win32' ? 'python' : 'python3';
  const asks = 'import platform, debugpy; print(platform.python_version())';
  const { status, stdout, error } = spawnSync(command, ['-c', asks], { encoding: 'utf8' });
  if (error !== undefined) throw new CliError('no_debugger', `there is no ${command} on this machine`);
  if (status !== 0) {
    throw new CliError(
      'no_debugger',
      `${command} of this machine has no debugpy, which debuggers attach to`,
      {
        next: `${command} -m pip install debugpy`,
      },
    );
  }
  return {
    engine: `python ${stdout.trim()}`,
    command,
    args: ['-Xfrozen_modules=off'],
    program: PYTHON_PROGRAM,
  };
}
