// A standby of a test's database, by streaming replication, which can be made the primary. The primary
// acknowledges a commit when the standby has it on disk.
import { type ChildProcess, spawn } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { copyCluster } from '../../src/backups/base-backup.ts';
import { type Database, openDatabase } from '../../src/postgres/database.ts';
import { embeddedUrl } from '../../src/postgres/embedded-postgres.ts';
import { until } from '../until.ts';
import type { TestDatabase } from './open-test-database.ts';

const NAME = 'standby';

export class Standby {
  readonly url: string;
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #database: Database;

  private constructor(folder: string, child: ChildProcess) {
    this.#folder = folder;
    this.#process = child;
    this.url = embeddedUrl(path.join(folder, 'socket'));
    this.#database = openDatabase(this.url, () => {});
  }

  static async of(primary: TestDatabase): Promise<Standby> {
    const folder = mkdtempSync(path.join(tmpdir(), 'millrace-standby-'));
    const clusterDir = path.join(folder, 'postgres');
    const socketDir = path.join(folder, 'socket');
    mkdirSync(socketDir);
    await copyCluster({
      ...{ url: primary.url, clusterDir: primary.clusterDir, folder },
      stopping: new AbortController().signal,
    });
    const host = new URL(primary.url).searchParams.get('host');
    const settings = `primary_conninfo = 'host=${host} user=millrace dbname=postgres application_name=${NAME}'\n`;
    cpSync(
      path.join(primary.clusterDir, 'postgresql.auto.conf'),
      path.join(clusterDir, 'postgresql.auto.conf'),
    );
    appendFileSync(path.join(clusterDir, 'postgresql.auto.conf'), settings);
    appendFileSync(path.join(clusterDir, 'standby.signal'), '');
    giveTo(statSync(primary.clusterDir), folder);
    const args = ['-D', clusterDir, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${socketDir}`];
    const program = path.join(primary.binDir, 'postgres');
    const [command = '', ...words] = [...primary.commandPrefix, program, ...args, '-c', 'max_connections=60'];
    const child = spawn(command, words, {
      stdio: 'ignore',
      detached: true,
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
    });
    const standby = new Standby(folder, child);
    await until('the standby follows', async () => {
      const rows = await primary.query('select from pg_stat_replication where application_name = $1', [NAME]);
      return rows.length === 1;
    });
    await primary.query(`alter system set synchronous_standby_names = '${NAME}'`);
    await primary.query('select pg_reload_conf()');
    await until('the primary waits for it', async () => {
      const [row] = await primary.query<{ sync_state: string }>('select sync_state from pg_stat_replication');
      return row?.sync_state === 'sync';
    });
    return standby;
  }

  /** It takes writes when this resolves, and waits for no standby of its own. */
  async promote(): Promise<void> {
    await this.#database.query('select pg_promote()');
    await this.#database.query('alter system reset synchronous_standby_names');
    await this.#database.query('select pg_reload_conf()');
  }

  async close(): Promise<void> {
    await this.#database.close();
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGINT');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function giveTo({ uid, gid }: { uid: number; gid: number }, folder: string): void {
  chownSync(folder, uid, gid);
  for (const name of readdirSync(folder, { recursive: true }) as string[])
    chownSync(path.join(folder, name), uid, gid);
}
