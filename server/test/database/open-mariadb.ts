// A real MariaDB for one test file: Debian's mariadbd (mariadb-server-core) on a folder and a port of its
// own, which ends with the test. As root it runs as `nobody`. The system's own service is never touched.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mysql from 'mysql2/promise';
import { freePort } from '../promises/start-millrace.ts';

export type TestMaria = {
  /** `mysql://reader:secret@127.0.0.1:port/shop`: may read the database `shop`. */
  url: string;
  /** As its administrator. */
  query(sql: string): Promise<unknown>;
  close(): Promise<void>;
};

const NOBODY = 65_534;
const PATIENCE_MS = 60_000;

/** Close it in an `after` hook. @param sql what is in the database `shop` */
export async function openMaria(sql: readonly string[]): Promise<TestMaria> {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-maria-'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const user = isRoot ? ['--user=nobody'] : [];
  const data = path.join(folder, 'data');
  const socket = path.join(folder, 'maria.sock');
  execFileSync(
    'mariadb-install-db',
    [
      '--no-defaults',
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      ...user,
    ],
    { stdio: 'ignore' },
  );
  const port = await freePort();
  const options = [
    ...['--no-defaults', `--datadir=${data}`, `--socket=${socket}`, `--pid-file=${folder}/pid`, ...user],
    ...[`--port=${port}`, '--bind-address=127.0.0.1', '--skip-name-resolve', '--innodb-buffer-pool-size=16M'],
  ];
  const server = spawn('mariadbd', options, { stdio: 'ignore' });
  const kill = (): void => void server.kill('SIGKILL');
  process.once('exit', kill);
  const admin = await connect(socket);
  for (const statement of [
    'create database shop',
    `create user reader@'127.0.0.1' identified by 'secret'`,
    `grant all on shop.* to reader@'127.0.0.1'`,
    'use shop',
    ...sql,
  ]) {
    await admin.query(statement);
  }
  return {
    url: `mysql://reader:secret@127.0.0.1:${port}/shop`,
    query: async (statement) => (await admin.query(statement))[0],
    close: async () => {
      await admin.end();
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
      process.off('exit', kill);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function connect(socketPath: string): Promise<mysql.Connection> {
  for (const giveUpAt = Date.now() + PATIENCE_MS; ; ) {
    try {
      return await mysql.createConnection({ socketPath, user: 'root' });
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
