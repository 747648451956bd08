// Backups as docs/operate/backup.md shows them: made while Millrace serves, verified, restored to their own
// moment and to one behind it; and what each fault on the way gets. Commands are those of the page.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { docBlocks } from '../../../scripts/doc-blocks.ts';
import { migrate, migrationsDir, readMigrations } from '../../src/postgres/migrate.ts';
import { childrenOf } from '../faults/processes.ts';
import { longTest } from '../long-test.ts';
import { until } from '../until.ts';
import { Customer, type HostedFunction } from './customer.ts';
import { embeddedDatabaseOf } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const PAGE = readFileSync(path.join(ROOT, 'docs/operate/backup.md'), 'utf8');
const [BACKUP, VERIFY, RESTORE, RESTORE_TO] = docBlocks(PAGE).flatMap((block) =>
  block.kind === 'not run' && /backups\.test\.ts/.test(block.reason) ? [block.text] : [],
);
const [UPGRADE] = docBlocks(readFileSync(path.join(ROOT, 'docs/operate/upgrade.md'), 'utf8')).flatMap(
  (block) => (block.kind === 'not run' && /backups\.test\.ts/.test(block.reason) ? [block.text] : []),
);
const CODE = 'exports.handler = async () => ({ statusCode: 200, body: process.env.SECRET });';

type Told = { status: number; output: string };

describe('a backup', { skip: noJails() }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-backups-'));
  const at = (name: string): string => path.join(folder, name);
  const archive = at('wal');
  const copy = at('copy');
  let millrace: Millrace;
  let customer: Customer;
  let fn: HostedFunction;
  let settings: Record<string, string>;

  before(async () => {
    millrace = await startMillrace({ dataDir: at('data'), env: { MILLRACE_WAL_ARCHIVE: archive } });
    settings = { MILLRACE_DATA_DIR: at('data'), MILLRACE_WAL_ARCHIVE: archive, MILLRACE_LOG_LEVEL: 'error' };
    customer = new Customer(millrace);
    fn = await customer.uploadCode(CODE, { variables: { SECRET: 'sealed' } });
  });
  after(async () => {
    await millrace?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a command of the page in the clone, as an operator does. */
  const run = (command: string | undefined, env: Record<string, string>): Promise<Told> => {
    assert.ok(command, 'the page shows no such command any more');
    const options = { cwd: ROOT, env: { ...process.env, ...settings, ...env } };
    return new Promise((resolve) => {
      execFile('bash', ['-ec', command], options, (error, stdout, stderr) =>
        resolve({ status: error === null ? 0 : Number(error.code), output: stdout + stderr }),
      );
    });
  };
  const good = async (command: string | undefined, env: Record<string, string>): Promise<string> => {
    const told = await run(command, env);
    assert.equal(told.status, 0, told.output);
    return told.output;
  };
  const refused = async (command: string | undefined, env: Record<string, string>): Promise<string> => {
    const told = await run(command, env);
    assert.equal(told.status, 1, told.output);
    return told.output;
  };
  const answerOf = async (who: Customer): Promise<[number, string]> => {
    const answer = await who.request(`/func/v1/${fn.id}`);
    return [answer.status, await answer.text()];
  };

  test('is made while calls are answered, and verified: it starts, holds all, and its key opens it', async () => {
    let isMade = false;
    const calls: Promise<number[]> = (async () => {
      const statuses: number[] = [];
      while (!isMade) statuses.push((await answerOf(customer))[0]);
      return statuses;
    })();
    await good(BACKUP, { COPY: copy });
    isMade = true;
    const statuses = await calls;
    assert.ok(statuses.length > 5, `only ${statuses.length} calls were answered meanwhile`);
    assert.deepEqual([...new Set(statuses)], [200]);
    assert.deepEqual(readdirSync(copy).sort(), ['backup.json', 'postgres']);
    const told = await good(VERIFY, { COPY: copy });
    assert.match(told, /each as it was copied\n.* accounts 1, functions 1, versions 1, runs [1-9]/);
    assert.match(told, /data\/master\.key opens what is sealed in it/);
  });

  longTest(
    'with an archive brings back any later moment: what was made before it, and not what came after',
    async () => {
      const later = await customer.uploadCode(CODE, { variables: { SECRET: 'later' } });
      // The clock of the commit is PostgreSQL's, which is this machine's.
      const moment = new Date().toISOString();
      await new Promise((resolve) => setTimeout(resolve, 5));
      assert.equal(
        (await customer.request(`/api/v1/hosted_functions/${later.id}`, { method: 'DELETE' })).status,
        204,
      );
      await good(BACKUP, { COPY: at('switches-the-segment') });
      const [former, latter] = [at('moment'), at('end')];
      for (const dataDir of [former, latter]) mkdirSync(dataDir);
      copyFileSync(at('data/master.key'), path.join(former, 'master.key'));
      await good(RESTORE_TO, { COPY: copy, NEW: former, MOMENT: moment });
      const told = await good(RESTORE, { COPY: copy, NEW: latter });
      assert.match(told, /key {6}is not here: put master\.key into .*end/);
      const restored = await startMillrace({ dataDir: former, env: { MILLRACE_ADMIN_TOKEN: '' } });
      try {
        const there = new Customer({ ...restored, token: millrace.token });
        assert.deepEqual(await answerOf(there), [200, 'sealed']);
        assert.equal((await there.request(`/func/v1/${later.id}`)).status, 200);
      } finally {
        await restored.stop();
      }
      await assert.rejects(
        startMillrace({ dataDir: latter }),
        /end\/master\.key is missing, and this database was sealed with it/,
      );
      assert.ok(!existsSync(path.join(latter, 'master.key')));
      const early = await refused(RESTORE_TO, {
        COPY: copy,
        NEW: at('none'),
        MOMENT: '2020-01-01T00:00:00Z',
      });
      assert.match(early, /for 2020-01-01T00:00:00\.000Z an older backup is needed/);
      const late = await refused(RESTORE_TO, { COPY: copy, NEW: at('none'), MOMENT: '2100-01-01T00:00:00Z' });
      assert.match(late, /the write-ahead log ends before 2100/);
      assert.ok(!existsSync(at('none/postgres')));
    },
  );

  longTest('that is killed in the middle is none, and costs Millrace nothing', async () => {
    const cut = at('cut');
    const main = path.join(ROOT, 'launcher/main.ts');
    const launcher = spawn(process.execPath, [main, 'backup', cut], {
      env: { ...process.env, ...settings },
      stdio: 'ignore',
    });
    await until('the copy begins', () => existsSync(path.join(cut, 'postgres/base')));
    const [worker] = childrenOf(launcher.pid as number);
    process.kill(worker as number, 'SIGKILL');
    await once(launcher, 'exit');
    assert.ok(!existsSync(path.join(cut, 'backup.json')));
    for (const command of [VERIFY, RESTORE]) {
      const told = await refused(command, { COPY: at('nowhere'), NEW: at('none') });
      assert.match(told, /nowhere is no folder: name the one that holds the backup/);
    }
    assert.match(await refused(VERIFY, { COPY: cut }), /cut holds no whole backup: backup\.json is missing/);
    assert.match(await refused(BACKUP, { COPY: cut }), /is not empty: every backup has a folder of its own/);
    assert.deepEqual(await answerOf(customer), [200, 'sealed']);
  });

  longTest('that finds no room, before or in the middle, says so and leaves nothing', async () => {
    const full = at('full');
    mkdirSync(full);
    for (const [options, told] of [
      ['size=16m', /the copy takes about [0-9]+ MiB, and its disk has [0-9]+ MiB free/],
      ['size=4g,nr_inodes=300', /there is no room left on the disk/],
    ] as const) {
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', full]);
      try {
        assert.match(await refused(BACKUP, { COPY: full }), told);
        assert.deepEqual(readdirSync(full), []);
      } finally {
        execFileSync('umount', ['--lazy', full]);
      }
    }
    assert.deepEqual(await answerOf(customer), [200, 'sealed']);
  });

  test('of an older schema is what an upgrade is tried on: each migration is timed, nothing else is changed', async () => {
    const older = at('older');
    const database = embeddedDatabaseOf(millrace);
    try {
      // As it was before that migration. Subscriptions are nothing that this installation has.
      await database.query('alter table event_subscriptions drop column shape');
      await database.query('delete from migrations where number = 102');
      await good(BACKUP, { COPY: older });
      const told = await good(UPGRADE, { COPY: older });
      assert.match(
        told,
        /upgrade {2}0102 shapes_of_subscriptions: [0-9.]+ s\n.*1 migration in [0-9.]+ s on this machine/,
      );
      assert.match(told, /key {6}.* opens what is sealed in it/);
    } finally {
      await migrate(database, readMigrations(migrationsDir()));
      await database.close();
    }
  });

  longTest('of which a byte has changed is named, and neither verified nor restored', async () => {
    const file = path.join(copy, 'postgres/global/pg_control');
    const bytes = readFileSync(file);
    bytes[100] = (bytes[100] as number) ^ 1;
    writeFileSync(file, bytes);
    for (const command of [VERIFY, RESTORE]) {
      const told = await refused(command, { COPY: copy, NEW: at('torn') });
      assert.match(told, /copy\/postgres\/global\/pg_control is not as it was copied/);
    }
    assert.ok(!existsSync(at('torn/postgres')));
  });

  test('with the key is all that a new machine needs; with another key nothing is restored', async () => {
    const whole = at('whole');
    await good(BACKUP?.replace('"$COPY"', '"$COPY" --with-key'), { COPY: whole });
    const [other, wrong] = [at('other'), at('wrong')];
    mkdirSync(wrong);
    writeFileSync(path.join(wrong, 'master.key'), `${Buffer.alloc(32, 7).toString('base64')}\n`, {
      mode: 0o600,
    });
    const without = { MILLRACE_WAL_ARCHIVE: '', COPY: whole };
    assert.match(
      await refused(RESTORE, { ...without, NEW: wrong }),
      /wrong\/master\.key is not the key that this database was sealed with/,
    );
    assert.ok(!existsSync(path.join(wrong, 'postgres')));
    assert.match(
      await refused(RESTORE, { ...without, NEW: at('data') }),
      /another Millrace .* is running on/,
    );
    await millrace.stop();
    assert.match(await refused(RESTORE, { ...without, NEW: at('data') }), /there is a database in .*data/);
    await good(RESTORE, { ...without, NEW: other });
    millrace = await startMillrace({ dataDir: other, env: { MILLRACE_ADMIN_TOKEN: '' } });
    assert.deepEqual(await answerOf(new Customer(millrace)), [200, 'sealed']);
  });
});
