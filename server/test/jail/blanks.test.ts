// Sandboxes that wait without code for functions seen for the first time: whom they serve, what they show,
// and how they go.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { bundleDir, installationName } from '../../../contract/paths.ts';
import { SUPERVISOR_SOCKET } from '../../../contract/supervisor-requests.ts';
import { Failure } from '../../src/errors/failure.ts';
import type { SandboxProcess } from '../../src/sandbox/sandbox-driver.ts';
import { type BlankWatch, watchBlanks } from './blank-watch.ts';
import {
  Conversation,
  ENGINE,
  type Installation,
  type Jails,
  LIMITS,
  makeInstallation,
  openJails,
  startSandbox,
  writeBundle,
} from './jail-fixture.ts';

/** Jails with a stock, and word of every blank that has come into it. */
class Stocked {
  readonly installation: Installation;
  readonly jails: Jails;
  /** Ids of the blanks that have come to wait. */
  readonly seen: string[];
  /** Resolves once so many blanks have come to wait, those taken or ended since included. */
  readonly waiting: (count: number) => Promise<void>;
  #closed: Promise<void> | null = null;

  constructor(installation: Installation, jails: Jails, blanks: BlankWatch) {
    this.installation = installation;
    this.jails = jails;
    this.seen = blanks.seen;
    this.waiting = blanks.waiting;
  }

  start(source: string, limits = {}): Promise<SandboxProcess> {
    const bundleHash = writeBundle(this.installation, source);
    return startSandbox(this.jails.driver, { bundleHash, limits });
  }

  close(): Promise<void> {
    this.#closed ??= this.jails.close();
    return this.#closed;
  }

  /** Every sandbox that the kernel knows of. */
  alive(): string[] {
    const ours = `millrace-${installationName(this.installation.config.dataDir)}`;
    const dirs = ['/sys/fs/cgroup/pids', '/sys/fs/cgroup'].map((dir) => path.join(dir, ours));
    return dirs.flatMap((dir) => foldersIn(dir)).sort();
  }
}

function foldersIn(dir: string): string[] {
  try {
    const entries = readdirSync(dir, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    // The other cgroup version is in use.
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOENT');
    return [];
  }
}

async function withStock(most: number, use: (stocked: Stocked) => Promise<void>): Promise<void> {
  const installation = makeInstallation();
  const watch = watchBlanks();
  const jails = await openJails(installation, { blanks: { most, budgetMb: 1024 }, log: watch.log });
  const stocked = new Stocked(installation, jails, watch);
  try {
    await use(stocked);
  } finally {
    await stocked.close();
    installation.remove();
  }
}

const SEE = `
  const fs = require('node:fs');
  const tried = (act) => { try { act(); return 'done'; } catch (error) { return error.code; } };
  return {
    cwd: process.cwd(), files: fs.readdirSync('/var/task'), word: fs.readFileSync('/var/task/word.txt', 'utf8'),
    written: tried(() => fs.writeFileSync('/var/task/new', '')), opened: tried(() => fs.openSync('/var/task/word.txt', 'r+')),
    changed: tried(() => fs.chmodSync('/var/task/index.js', 0o777)), removed: tried(() => fs.unlinkSync('/var/task/word.txt')),
    mounts: fs.readFileSync('/proc/mounts', 'utf8').trim().split('\\n').map((line) => line.split(' ')).filter(([, at]) => at.startsWith('/var')),
    around: fs.readdirSync('/').concat(fs.readdirSync('/var')), first: fs.readFileSync('/proc/1/environ', 'utf8'),
  };`;

test('a function seen for the first time gets a waiting sandbox, and sees its own code, read-only', async () => {
  await withStock(1, async (stocked) => {
    await stocked.start('return 0;');
    await stocked.waiting(1);
    const bundleHash = writeBundle(stocked.installation, SEE);
    const word = path.join(bundleDir(stocked.installation.config.dataDir, bundleHash), 'word.txt');
    writeFileSync(word, bundleHash);
    // Writable for everybody, so that nothing but the mount refuses.
    chmodSync(word, 0o666);
    const sandbox = await startSandbox(stocked.jails.driver, { bundleHash });
    assert.equal(sandbox.id, stocked.seen[0]);
    const { body } = await new Conversation(sandbox).invoke();
    const { mounts, around, first, ...seen } = body as {
      mounts: string[][];
      around: string[];
      first: string;
    };
    assert.deepEqual(seen, {
      ...{ cwd: '/var/task', files: ['index.js', 'word.txt'], word: bundleHash },
      ...{ written: 'EROFS', opened: 'EROFS', changed: 'EROFS', removed: 'EROFS' },
    });
    for (const [, at, , options = ''] of mounts) {
      assert.ok(at === '/var/task' || at === '/var/node_modules', at);
      for (const option of ['ro', 'nosuid', 'nodev']) assert.ok(options.split(',').includes(option), options);
    }
    assert.ok(!around.includes('bundles'));
    assert.ok(!first.includes(stocked.installation.config.dataDir), first);
  });
});

test('a blank sandbox serves one function, and another comes in its place', async () => {
  await withStock(1, async (stocked) => {
    await stocked.start('return 0;');
    await stocked.waiting(1);
    // Asked for at once: the next blank can't be there for the second.
    const [first, second] = await Promise.all([
      stocked.start('globalThis.mark = "first"; return __filename;'),
      stocked.start('return String(globalThis.mark);'),
    ]);
    await new Conversation(first).invoke();
    assert.equal(first.id, stocked.seen[0]);
    assert.notEqual(second.id, first.id);
    assert.equal((await new Conversation(second).invoke()).body, 'undefined');
    await stocked.waiting(2);
    const third = await stocked.start('return String(globalThis.mark);');
    assert.equal(third.id, stocked.seen[1]);
    assert.equal((await new Conversation(third).invoke()).body, 'undefined');
  });
});

type ByHand = {
  id: string;
  send(...requests: object[]): void;
  /** The next line with this text; those before it are skipped. */
  heard(part: string): Promise<string>;
};

/** A blank sandbox without driver: what a server that has been taken over could ask for. */
async function prepareByHand(installation: Installation): Promise<ByHand> {
  const id = randomBytes(6).toString('hex');
  const connect = async (greeting: object): Promise<net.Socket> => {
    const socket = net.connect(path.join(installation.runDir, SUPERVISOR_SOCKET));
    await once(socket, 'connect');
    socket.on('error', () => socket.destroy());
    socket.write(`${JSON.stringify(greeting)}\n`);
    return socket;
  };
  for (const channel of ['control', 'stdout', 'stderr']) await connect({ sandbox: id, channel });
  const requests = await connect({ role: 'requests' });
  const lines = createInterface({ input: requests })[Symbol.asyncIterator]();
  const heard = async (part: string): Promise<string> => {
    for (;;) {
      const { value, done } = await lines.next();
      assert.ok(done !== true, `the supervisor hung up before it said ${part}`);
      if (value.includes(part)) return value;
    }
  };
  const send = (...all: object[]): void => {
    requests.write(all.map((one) => `${JSON.stringify(one)}\n`).join(''));
  };
  await heard('welcome');
  send({ seq: 1, method: 'prepare', params: { id, engine: ENGINE, limits: LIMITS } });
  assert.match(await heard('"seq":1'), /started/);
  return { id, send, heard };
}

test('the supervisor gives code to a blank sandbox once; one that is given more is ended', async () => {
  await withStock(0, async (stocked) => {
    const { installation } = stocked;
    const { id, send, heard } = await prepareByHand(installation);
    const ask = (method: string, params: object): Promise<string> => {
      send({ seq: 2, method, params });
      return heard('"seq":2');
    };
    const code = (): object => ({
      id,
      accountId: '1',
      bundleHash: writeBundle(installation, 'return 1;'),
      layerHash: null,
      egressDeny: [],
    });
    assert.match(await ask('assign', code()), /done/);
    assert.match(await ask('assign', code()), /refused.*has its code already/);
    assert.match(await heard('exited'), /SIGKILL/);
    assert.match(await ask('assign', code()), /refused.*there is no sandbox/);
  });
});

test('sandboxes of other limits than the waiting one has are built', async () => {
  await withStock(1, async (stocked) => {
    await stocked.start('return 0;');
    await stocked.waiting(1);
    const larger = await stocked.start('return 0;', { memoryMb: 512 });
    assert.notEqual(larger.id, stocked.seen[0]);
    // One place only: the latest class has it.
    await stocked.waiting(2);
    const another = await stocked.start('return 1;', { memoryMb: 512 });
    assert.equal(another.id, stocked.seen[1]);
  });
});

test('a bundle behind a symbolic link is refused, and the waiting sandbox is spent', async () => {
  await withStock(1, async (stocked) => {
    const { dataDir } = stocked.installation.config;
    await stocked.start('return 0;');
    await stocked.waiting(1);
    const [linked, missing] = [randomBytes(32), randomBytes(32)].map((bytes) => bytes.toString('hex')) as [
      string,
      string,
    ];
    symlinkSync('/root', bundleDir(dataDir, linked));
    await assert.rejects(startSandbox(stocked.jails.driver, { bundleHash: linked }), Failure);
    await stocked.waiting(2);
    await assert.rejects(startSandbox(stocked.jails.driver, { bundleHash: missing }), Failure);
    await stocked.waiting(3);
    const sandbox = await stocked.start('return 7;');
    assert.equal(sandbox.id, stocked.seen[2]);
    assert.equal((await new Conversation(sandbox).invoke()).body, 7);
  });
});

test('no sandbox waits on a folder of bundles that is a symbolic link', async () => {
  await withStock(0, async ({ installation }) => {
    const { dataDir } = installation.config;
    renameSync(path.join(dataDir, 'bundles'), path.join(dataDir, 'elsewhere'));
    symlinkSync(path.join(dataDir, 'elsewhere'), path.join(dataDir, 'bundles'));
    await assert.rejects(prepareByHand(installation), /refused/);
  });
});

test('a sandbox killed while it gets its code leaves nothing behind', async () => {
  await withStock(0, async (stocked) => {
    const { id, send, heard } = await prepareByHand(stocked.installation);
    const bundleHash = writeBundle(stocked.installation, 'return 1;');
    assert.deepEqual(stocked.alive(), [id]);
    send(
      {
        seq: 2,
        method: 'assign',
        params: { id, accountId: '1', bundleHash, layerHash: null, egressDeny: [] },
      },
      { seq: 3, method: 'kill', params: { id } },
    );
    assert.match(await heard('exited'), /SIGKILL/);
    await stocked.close();
    assert.deepEqual(stocked.alive(), []);
    const mounts = readFileSync('/proc/self/mounts', 'utf8');
    assert.ok(!mounts.includes(stocked.installation.runDir), mounts);
  });
});

test('waiting sandboxes end with the platform', async () => {
  await withStock(2, async (stocked) => {
    await stocked.start('return 0;');
    await stocked.waiting(2);
    assert.equal(stocked.alive().length, 3);
    await stocked.close();
    assert.deepEqual(stocked.alive(), []);
  });
});
