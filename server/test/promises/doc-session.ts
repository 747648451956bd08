// A person who reads a page and types what it shows: one bash a page, in a folder of its own, so that
// variables and files of one block are there in the next. Stricter than the person: a request that is refused
// fails, and so does a `jq` that finds nothing. Called by docs-run.test.ts.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';

export type Printed = { status: number; stdout: string; stderr: string };

export class DocSession {
  readonly #bash: ChildProcess;
  readonly #statuses: Interface;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'millrace-page-'));
  readonly #work = path.join(this.#folder, 'work');

  /** @param env beside what the shell needs: MILLRACE, TOKEN */
  constructor(env: Record<string, string>) {
    const home = path.join(this.#folder, 'home');
    for (const made of [this.#work, home, path.join(home, 'bin')]) mkdirSync(made);
    // What pages install from npm's registry.
    symlinkSync(
      path.resolve(import.meta.dirname, '../../../node_modules'),
      path.join(this.#work, 'node_modules'),
    );
    writeFileSync(path.join(home, '.curlrc'), 'silent\nshow-error\nfail-with-body\nmax-time = 60\n');
    writeFileSync(path.join(home, 'bin/jq'), `#!/bin/sh\nexec env PATH='${process.env.PATH}' jq -e "$@"\n`, {
      mode: 0o755,
    });
    this.#bash = spawn('bash', ['--norc', '--noprofile'], {
      cwd: this.#work,
      env: {
        ...{ HOME: home, LANG: 'C.UTF-8', ...env },
        // No compiler that stays: it would hold the page's descriptors.
        ...{ UseSharedCompilation: 'false', MSBUILDDISABLENODEREUSE: '1' },
        ...{ DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_GENERATE_ASPNET_CERTIFICATE: 'false' },
        PATH: `${home}/bin:${path.dirname(process.execPath)}:${process.env.PATH}`,
      },
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    });
    this.#statuses = createInterface({ input: this.#bash.stdio[3] as NodeJS.ReadableStream });
    this.#bash.stdin?.write('set -o pipefail\n');
  }

  /** Begins in a copy of a folder. */
  fill(folder: string): void {
    cpSync(folder, this.#work, { recursive: true });
  }

  /** Saves a file in the folder that the session is in at its start. */
  save(name: string, text: string): void {
    const file = path.join(this.#work, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Runs commands until the first that fails. */
  async run(commands: string): Promise<Printed> {
    const [block, out, err] = ['block', 'out', 'err'].map((name) => path.join(this.#folder, name));
    writeFileSync(block as string, `trap 'return $?' ERR\n${commands}\n`);
    const told = once(this.#statuses, 'line', { signal: AbortSignal.timeout(90_000) });
    this.#bash.stdin?.write(`source '${block}' >'${out}' 2>'${err}' </dev/null; echo $? >&3; trap - ERR\n`);
    const [status] = (await told) as [string];
    const text = (file: string | undefined): string => readFileSync(file as string, 'utf8');
    return { status: Number(status), stdout: text(out), stderr: text(err) };
  }

  async close(): Promise<void> {
    const ended = once(this.#bash, 'close');
    this.#bash.stdin?.end('exit\n');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
