// How an operator comes by a token, and by another when all are lost: on a terminal, elsewhere by a file, and
// never twice.

import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { DatabaseProxy } from '../faults/database-proxy.ts';
import { longTest } from '../long-test.ts';
import { until } from '../until.ts';
import { Customer } from './customer.ts';
import { asOrdinaryUser } from './ordinary-user.ts';
import { remains } from './remains.ts';
import { freePort, type Millrace, noJails, type StartOptions, startMillrace } from './start-millrace.ts';

const MAIN = path.resolve(import.meta.dirname, '../../../launcher/main.ts');
const TOKEN = /secret\.live\.[0-9A-Za-z.]+/g;
const OTHER_TOKEN = 'another-token-that-nobody-has-ever-made';
/** The first start makes its token itself. */
const OWN_TOKEN = { MILLRACE_ADMIN_TOKEN: '' };

type Told = { status: number | null; output: string };

/** `token` as a script runs it: its output is no terminal. */
function makeToken(dataDir: string, env: Record<string, string> = {}, options: string[] = []): Promise<Told> {
  const settings = { ...process.env, MILLRACE_ADMIN_TOKEN: undefined, MILLRACE_DATA_DIR: dataDir, ...env };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [MAIN, 'token', ...options],
      { env: settings },
      (_, stdout, stderr) => resolve({ status: child.exitCode, output: `${stdout}${stderr}` }),
    );
  });
}

/** Runs `main.ts <role>` on a terminal of its own. */
async function onTerminal(role: string, dataDir: string, env: Record<string, string> = {}) {
  const ports = { MILLRACE_PORT: String(await freePort()), MILLRACE_TLS_PORT: '0' };
  const child: ChildProcess = spawn(
    'script',
    ['-qefc', `"${process.execPath}" "${MAIN}" ${role}`, '/dev/null'],
    {
      env: { ...process.env, ...ports, ...OWN_TOKEN, MILLRACE_DATA_DIR: dataDir, ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  const url = `http://localhost:${ports.MILLRACE_PORT}`;
  return { url, output: () => output, ended: once(child, 'exit') };
}

/** The launcher's process id. */
const holderOf = (dataDir: string): number => Number(readFileSync(path.join(dataDir, 'lock'), 'utf8'));
const tokenFiles = (dataDir: string): string[] =>
  readdirSync(dataDir).filter((name) => name.endsWith('.token'));
const tokenIn = (dataDir: string, name: string): string =>
  readFileSync(path.join(dataDir, name), 'utf8').trim();

async function commentsOf(millrace: Millrace, token: string): Promise<string[]> {
  type Auths = { data: { comments: string }[] };
  const { data } = await new Customer(millrace, token).json<Auths>('/api/v1/auths');
  return data.map(({ comments }) => comments);
}

const isAlive = async (url: string): Promise<boolean> =>
  (await fetch(`${url}/healthz`).catch(() => null))?.status === 200;

describe('getting in', { skip: noJails() }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-getting-in-'));
  const running = new Set<Millrace>();
  let made = 0;
  let database: TestDatabase;

  const newDataDir = (): string => {
    made += 1;
    return path.join(folder, `data${made}`);
  };
  const start = async (options: StartOptions): Promise<Millrace> => {
    const millrace = await startMillrace(options);
    running.add(millrace);
    void millrace.ended.then(() => running.delete(millrace));
    return millrace;
  };
  before(async () => {
    database = await openTestDatabase();
  });
  after(async () => {
    for (const one of running) await one.stop();
    await database?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('off a terminal the first token lies in a file for its owner alone until that is deleted', async () => {
    const dataDir = newDataDir();
    const file = path.join(dataDir, 'first.token');
    for (const time of ['first', 'second']) {
      const millrace = await start({ dataDir, env: OWN_TOKEN });
      assert.ok(millrace.output().includes(`token    in ${file}`), `${time} start: ${millrace.output()}`);
      assert.deepEqual(millrace.output().match(TOKEN), null);
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.deepEqual(await commentsOf(millrace, tokenIn(dataDir, 'first.token')), [
        'made at the first start',
      ]);
      await millrace.stop();
    }
    rmSync(file);
    const millrace = await start({ dataDir, env: OWN_TOKEN });
    assert.doesNotMatch(millrace.output(), /token/);
    await millrace.stop();
  });

  test('on a terminal the first token is shown once, and no file of it is left', async () => {
    const dataDir = newDataDir();
    const shown: string[] = [];
    for (const count of [1, 0]) {
      const terminal = await onTerminal('start', dataDir);
      await until('it comes about', () => isAlive(terminal.url));
      const tokens = terminal.output().match(TOKEN) ?? [];
      assert.equal(tokens.length, count, terminal.output());
      shown.push(...tokens);
      const headers = { authorization: `Bearer ${shown[0]}` };
      assert.equal((await fetch(`${terminal.url}/api/v1/auths`, { headers })).status, 200);
      assert.deepEqual(tokenFiles(dataDir), []);
      process.kill(holderOf(dataDir), 'SIGTERM');
      await terminal.ended;
    }
  });

  longTest(
    'a token that was committed and not shown when all was killed is shown by the next start',
    async () => {
      await database.query('create database killed');
      const proxy = await DatabaseProxy.open(database.url);
      const env = { MILLRACE_DATABASE_URL: proxy.url.replace(/postgres$/, 'killed') };
      const dataDir = newDataDir();
      // What is asked first behind the commit, on the way to show the token.
      proxy.cutAt({ text: 'select * from tokens where token_hash', at: 'statement', times: 1_000 });
      const first = await onTerminal('start', dataDir, env);
      await until('it comes about', () => proxy.cuts > 0);
      process.kill(holderOf(dataDir), 'SIGKILL');
      await first.ended;
      await until('it comes about', () => !remains(dataDir).some((line) => line.includes(' serve')));
      assert.deepEqual(first.output().match(TOKEN), null);
      proxy.cutAt({ text: 'nothing', at: 'answer', times: 0 });
      const next = await onTerminal('start', dataDir, env);
      await until('it comes about', () => isAlive(next.url));
      const headers = { authorization: `Bearer ${next.output().match(TOKEN)?.[0]}` };
      assert.equal((await fetch(`${next.url}/api/v1/auths`, { headers })).status, 200);
      process.kill(holderOf(dataDir), 'SIGTERM');
      await next.ended;
      await proxy.close();
    },
  );

  test('a lost token is replaced on the machine, while Millrace runs and while it does not', async () => {
    const dataDir = newDataDir();
    const millrace = await start({ dataDir });
    const served = await makeToken(dataDir);
    assert.equal(served.status, 0, served.output);
    assert.deepEqual(served.output.match(TOKEN), null);
    const [name = ''] = tokenFiles(dataDir);
    assert.ok(served.output.includes(path.join(dataDir, name)), served.output);
    assert.equal(statSync(path.join(dataDir, name)).mode & 0o777, 0o600);
    const comments = await commentsOf(millrace, tokenIn(dataDir, name));
    assert.match(comments.join('\n'), /made by npm run token, by \S+.* on \S+/);
    await millrace.printed(/a token with every permission was made on a machine/);
    assert.ok(millrace.output().includes(name.replace('.token', '')), millrace.output());
    await millrace.stop();
    rmSync(path.join(dataDir, name));
    const stopped = await makeToken(dataDir);
    assert.equal(stopped.status, 0, stopped.output);
    assert.deepEqual(remains(dataDir), []);
    const [other = ''] = tokenFiles(dataDir);
    const again = await start({ dataDir });
    assert.equal((await commentsOf(again, tokenIn(dataDir, other))).length, 3);
    await again.stop();
  });

  longTest('an option that there is not makes no token', async () => {
    const dataDir = newDataDir();
    const told = await makeToken(dataDir, {}, ['--test']);
    assert.equal(told.status, 1);
    assert.match(told.output, /token takes no arguments, and was given --test/);
  });

  longTest('on a terminal the new token is shown, and no file of it is left', async () => {
    const dataDir = newDataDir();
    const millrace = await start({ dataDir });
    const terminal = await onTerminal('token', dataDir);
    await terminal.ended;
    const [token = ''] = terminal.output().match(TOKEN) ?? [];
    assert.equal((await commentsOf(millrace, token)).length, 2);
    assert.deepEqual(tokenFiles(dataDir), []);
    await millrace.stop();
  });

  longTest('an ordinary user who runs Millrace makes one as well', async () => {
    const user = await asOrdinaryUser({ tun: 'closed' });
    const millrace = await start(user);
    assert.equal((await makeToken(user.dataDir)).status, 0);
    const [name = ''] = tokenFiles(user.dataDir);
    assert.equal((await commentsOf(millrace, tokenIn(user.dataDir, name))).length, 2);
    assert.equal(statSync(path.join(user.dataDir, name)).uid, statSync(user.dataDir).uid);
    await millrace.close();
  });

  longTest('it takes the data dir, the database and the master key, and makes none of them', async () => {
    const nowhere = await makeToken(path.join(folder, 'nowhere'));
    assert.equal(nowhere.status, 1);
    assert.match(nowhere.output, /Millrace was never started on .*nowhere/);
    const dataDir = newDataDir();
    await (await start({ dataDir })).stop();
    const key = readFileSync(path.join(dataDir, 'master.key'));
    rmSync(path.join(dataDir, 'master.key'));
    const keyless = await makeToken(dataDir);
    assert.equal(keyless.status, 1);
    assert.match(keyless.output, /master\.key is missing/);
    assert.deepEqual(tokenFiles(dataDir), []);
    const foreign = await makeToken(dataDir, { MILLRACE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') });
    assert.match(foreign.output, /MILLRACE_MASTER_KEY is not the key/);
    writeFileSync(path.join(dataDir, 'master.key'), key);
    rmSync(path.join(dataDir, 'postgres'), { recursive: true });
    const empty = await makeToken(dataDir);
    assert.match(empty.output, /there is no database in .*MILLRACE_DATABASE_URL/);
    assert.ok(!readdirSync(dataDir).includes('postgres'));
  });

  longTest('MILLRACE_ADMIN_TOKEN that is not a token of the database is said to be ignored', async () => {
    const dataDir = newDataDir();
    const first = await start({ dataDir });
    assert.doesNotMatch(first.output(), /is ignored/);
    await first.stop();
    const same = await start({ dataDir });
    assert.doesNotMatch(same.output(), /is ignored/);
    await same.stop();
    const other = await start({ dataDir, env: { MILLRACE_ADMIN_TOKEN: OTHER_TOKEN } });
    assert.match(other.output(), /MILLRACE_ADMIN_TOKEN is ignored: .*npm run token/);
    assert.equal((await new Customer(other, OTHER_TOKEN).request('/api/v1/auths')).status, 401);
    await other.stop();
  });

  for (const where of ['embedded', 'external'] as const) {
    longTest(`a master key that is gone, or no key, is told with its path (${where} database)`, async () => {
      if (where === 'external') await database.query('create database keyless');
      const proxy = await DatabaseProxy.open(database.url);
      const url = proxy.url.replace(/postgres$/, 'keyless');
      const env: Record<string, string> = where === 'external' ? { MILLRACE_DATABASE_URL: url } : {};
      const dataDir = newDataDir();
      await (await start({ dataDir, env })).stop();
      const file = path.join(dataDir, 'master.key');
      const key = readFileSync(file);
      rmSync(file);
      await assert.rejects(start({ dataDir, env }), (error: Error) => {
        assert.ok(error.message.includes(`${file} is missing`), error.message);
        assert.doesNotMatch(error.message, /\n\s+at /);
        return true;
      });
      assert.ok(!readdirSync(dataDir).includes('master.key'));
      for (const text of ['', 'c2hvcnQ=']) {
        writeFileSync(file, text);
        chownSync(file, statSync(dataDir).uid, -1);
        await assert.rejects(start({ dataDir, env }), (error: Error) =>
          error.message.includes(`${file} must hold 32 bytes in base64`),
        );
        rmSync(file);
      }
      writeFileSync(file, key, { mode: 0o600 });
      // It is root's, as a restored backup leaves it: the server's user may not read it.
      await assert.rejects(start({ dataDir, env }), (error: Error) =>
        error.message.includes(`${file} can't be read (EACCES)`),
      );
      await proxy.close();
    });
  }
});
