// The program `millrace` as people have it: the bundle, run by the oldest Node that it is for, in a home of
// its own; with pipes, or in a terminal (a pty) whose questions are answered. Called by the tests of the CLI.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { buildBundle } from '../../../cli/build-bundle.ts';
import { openEngineInstaller } from '../../src/engines/engine-installer.ts';

export type Ended = { status: number | null; stdout: string; stderr: string };

export type CliTerminal = {
  /** The folder that commands run in. */
  work: string;
  home: string;
  node: string;
  bundle: string;
  /** @param input goes to standard input */
  run(args: readonly string[], options?: { input?: string; cwd?: string; env?: Env }): Promise<Ended>;
  /** What a command answers with `--json`. */
  json(args: readonly string[], options?: JsonOptions): Promise<ReturnType<typeof JSON.parse>>;
  /** Words of the commands that were asked for JSON. */
  asked: Set<string>;
  /** @returns what the terminal showed; each answer is typed when its question is there */
  type(args: readonly string[], answers?: readonly (readonly [RegExp, string])[]): Promise<Ended>;
  /** Goes on until it is ended. */
  start(
    args: readonly string[],
    cwd?: string,
  ): { process: ChildProcess; said(pattern: RegExp): Promise<string> };
  close(): void;
};

type Env = Record<string, string>;
type JsonOptions = { input?: string; cwd?: string; status?: number; env?: Env };

export async function openCliTerminal(env: Env): Promise<CliTerminal> {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-cli-'));
  const [home, work] = [path.join(folder, 'home'), path.join(folder, 'work')];
  for (const made of [home, work]) mkdirSync(made);
  const bundle = path.join(folder, 'millrace.mjs');
  await buildBundle(bundle);
  const node = await nodeTwenty();
  const own = { HOME: home, PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', TERM: 'xterm-256color', ...env };

  const run: CliTerminal['run'] = async (args, { input = '', cwd = work, env: more = {} } = {}) => {
    const child = spawn(node, [bundle, ...args], { cwd, env: { ...own, ...more } });
    child.stdin.on('error', () => {}).end(input);
    return await ended(child);
  };
  const asked = new Set<string>();
  return {
    ...{ work, home, node, bundle, run, asked },
    json: async (args, options = {}) => {
      const { status, stdout, stderr } = await run([...args, '--json'], options);
      asked.add(args.slice(0, 2).join(' ')).add(args[0] as string);
      assert.equal(status, options.status ?? 0, `millrace ${args.join(' ')}: ${stdout}${stderr}`);
      return JSON.parse(stdout);
    },
    type: async (args, answers = []) => {
      const line = [node, bundle, ...args].map((word) => `'${word}'`).join(' ');
      // A terminal that comes of pipes has no size.
      const sized = `stty cols 120 rows 40; ${line}`;
      const child = spawn('script', ['-qefc', sized, '/dev/null'], { cwd: work, env: own });
      let shown = '';
      const left = [...answers];
      child.stdout.on('data', (chunk) => {
        shown += chunk;
        const [question, answer] = left[0] ?? [];
        if (question === undefined || !question.test(shown)) return;
        left.shift();
        shown = '';
        child.stdin.write(`${answer}\r`);
      });
      return await ended(child);
    },
    start: (args, cwd = work) => {
      const child = spawn(node, [bundle, ...args], { cwd, env: own, stdio: ['ignore', 'pipe', 'pipe'] });
      let printed = '';
      const heard = new EventEmitter();
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          printed += chunk;
          heard.emit('output');
        });
      }
      const said = async (pattern: RegExp): Promise<string> => {
        while (!pattern.test(printed)) {
          await once(heard, 'output', { signal: AbortSignal.timeout(30_000) });
        }
        const all = printed;
        printed = '';
        return all;
      };
      return { process: child, said };
    },
    close: () => {
      if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ended(child: ChildProcess): Promise<Ended> {
  const [stdout, stderr] = [child.stdout, child.stderr].map((stream) => {
    const texts: string[] = [];
    stream?.on('data', (chunk) => texts.push(String(chunk)));
    return texts;
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout: stdout?.join('') ?? '', stderr: stderr?.join('') ?? '' };
}

/** The oldest that the program is for. Kept for the next time, as the engines of functions. */
export async function nodeTwenty(): Promise<string> {
  const enginesDir =
    process.env.MILLRACE_ENGINES_DIR ?? path.resolve(import.meta.dirname, '../../../build/engines');
  return await openEngineInstaller({ enginesDir, log: pino({ level: 'silent' }) }).ensure(20);
}
