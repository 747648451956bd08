// HubSpot's own command line, unmodified, for promises: installed from npm into build/clis/<version> when it
// isn't there, pointed at a Millrace over HTTPS, and read by what it prints. Each one has a home and a
// project folder of its own.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Millrace } from './start-millrace.ts';

export type CliOutput = { code: number | null; text: string };

export type CliAccess = {
  millrace: Millrace;
  tlsPort: number;
  /** What the configuration file says of the account; null: there is none. */
  account: Record<string, string | number> | null;
};

const CLIS_DIR = path.resolve(import.meta.dirname, '../../../build/clis');
const COMMAND_TIMEOUT_MS = 60_000;
const LABEL = 'acme';

/**
 * Installs a version that isn't there yet. Several test files may want the same one: the lock lets one
 * install it.
 */
export function ensureCli(version: string): void {
  const folder = path.join(CLIS_DIR, version);
  mkdirSync(folder, { recursive: true });
  const install =
    '[ -f installed ] || { npm install --no-audit --no-fund --ignore-scripts "$0" >install.log 2>&1 && touch installed; }';
  if (!existsSync(path.join(folder, 'package.json'))) {
    writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  }
  try {
    execFileSync('flock', ['install.lock', 'sh', '-c', install, `@hubspot/cli@${version}`], { cwd: folder });
  } catch {
    const said = readFileSync(path.join(folder, 'install.log'), 'utf8')
      .trim()
      .split('\n')
      .slice(0, 12)
      .join('\n');
    throw new Error(
      `@hubspot/cli@${version} is tested with, and npm could not install it into ${folder}:\n${said}`,
    );
  }
}

export class HubspotCli {
  readonly version: string;
  /** The project folder, in which commands are run. */
  readonly folder: string;
  /** Where it finds and keeps what is its user's. */
  readonly home: string;
  readonly #access: CliAccess;

  constructor(version: string, access: CliAccess) {
    this.version = version;
    this.#access = access;
    this.home = mkdtempSync(path.join(tmpdir(), 'millrace-hs-'));
    this.folder = path.join(this.home, 'project');
    mkdirSync(this.folder);
    if (access.account !== null) this.write('hubspot.config.yml', configuration(access.account));
  }

  /** Puts a file into the project folder. */
  write(name: string, text: string): void {
    mkdirSync(path.dirname(path.join(this.folder, name)), { recursive: true });
    writeFileSync(path.join(this.folder, name), text);
  }

  /** Puts a file into its home. */
  writeHome(name: string, text: string): void {
    mkdirSync(path.dirname(path.join(this.home, name)), { recursive: true });
    writeFileSync(path.join(this.home, name), text);
  }

  /** @param input what is typed, a line an item */
  async run(
    args: string,
    input: readonly string[] = [],
    env: Record<string, string> = {},
  ): Promise<CliOutput> {
    const child = this.start(args, env);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += chunk));
    child.stdin?.end(input.map((line) => `${line}\n`).join(''));
    const timer = setTimeout(() => child.kill('SIGKILL'), COMMAND_TIMEOUT_MS);
    const [code] = (await once(child, 'close')) as [number | null];
    clearTimeout(timer);
    return { code, text: plain(text) };
  }

  /** A command that goes on until it is ended. */
  start(args: string, env: Record<string, string> = {}): ChildProcess {
    const { millrace, tlsPort } = this.#access;
    const cli = path.join(CLIS_DIR, this.version, 'node_modules/@hubspot/cli');
    const bin = ['bin/hs.js', 'bin/hs'].map((name) => path.join(cli, name)).find((file) => existsSync(file));
    if (bin === undefined) throw new Error(`there is no command in ${cli}`);
    return spawn(process.execPath, [bin, ...args.split(' ').filter(Boolean)], {
      cwd: this.folder,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: this.home,
        HUBAPI_DOMAIN_OVERRIDE: `localhost:${tlsPort}/${LABEL}`,
        NODE_EXTRA_CA_CERTS: path.join(millrace.dataDir, 'tls/ca.pem'),
        NO_UPDATE_NOTIFIER: '1',
        // Half of a command's time is loading it.
        NODE_COMPILE_CACHE: path.join(CLIS_DIR, 'compile-cache'),
        COLUMNS: '300',
        ...env,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  close(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** As people write it by hand. */
function configuration(account: Record<string, string | number>): string {
  const members = Object.entries(account).map(([name, value]) => `    ${name}: ${value}`);
  return [
    'defaultPortal: acme',
    'allowUsageTracking: false',
    'portals:',
    '  - name: acme',
    ...members,
    '    env: prod',
    '    auth:',
    '      tokenInfo: {}',
    '',
  ].join('\n');
}

/** Without colours and the movements of the cursor. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
}
