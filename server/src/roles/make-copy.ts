// `npm run backup`: copies the embedded database while it serves, with Millrace's own certificates, and the
// master key where that is asked for. No cache is copied. The folder holds a whole copy or, after a failure,
// nothing. Called by carry-out-copy.ts.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Logger } from 'pino';
import type { CopyOrder } from '../../../contract/copy-order.ts';
import { StartError } from '../../../process/start-error.ts';
import { copyCluster } from '../backups/base-backup.ts';
import { copyFile } from '../backups/copy-file.ts';
import { type CopiedFile, totalBytes, writeManifest } from '../backups/copy-manifest.ts';
import type { Config } from '../config/config.ts';
import { keeperOf } from '../environment/key-keepers.ts';
import { masterKeyFile } from '../environment/master-key.ts';
import { findStore } from './find-store.ts';
import { embeddedPlace } from './open-store.ts';
import { ownVersion } from './own-version.ts';

/** Says when the newest backup was made here, and where to. */
export function lastBackupFile(dataDir: string): string {
  return path.join(dataDir, 'backup.last');
}

/** @returns what to print. @throws StartError */
export async function makeCopy(config: Config, order: CopyOrder, log: Logger): Promise<string[]> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  const endings: (() => Promise<unknown>)[] = [];
  try {
    const url = await findStore(config, { isServed: order.isServed, log, endings });
    return await copyInto(order, config, { url, stopping: stopping.signal });
  } catch (error) {
    for (const name of readdirSync(order.folder)) {
      rmSync(path.join(order.folder, name), { recursive: true, force: true });
    }
    if (stopping.signal.aborted)
      throw new StartError('ended before the copy was whole: nothing is left of it');
    throw error;
  } finally {
    for (const end of endings.reverse()) await end();
  }
}

type Running = { url: string; stopping: AbortSignal };

async function copyInto(order: CopyOrder, config: Config, { url, stopping }: Running): Promise<string[]> {
  const { folder, operatorFolder, withKey } = order;
  const startedAt = new Date();
  const { clusterDir } = embeddedPlace(config);
  const base = await copyCluster({ url, clusterDir, folder, stopping });
  const endedAt = new Date();
  const files = [...base.files, ...(await copyCertificates(config, folder))];
  if (withKey) files.push(await copyKey(config, folder));
  // Not a file at a time: the file system writes what it has of these in one go.
  await promisify(execFile)('sync', ['-f', folder]);
  await writeManifest(folder, {
    ...{ ...base, files, millrace: ownVersion() },
    ...{ started_at: startedAt.toISOString(), ended_at: endedAt.toISOString() },
  });
  writeFileSync(lastBackupFile(config.dataDir), `${operatorFolder} ${endedAt.toISOString()}\n`, {
    mode: 0o600,
  });
  const size = `${(totalBytes({ files }) / 1024 ** 2).toFixed(1)} MiB in ${files.length} files`;
  const took = `${((endedAt.getTime() - startedAt.getTime()) / 1000).toFixed(1)} s`;
  return [
    `  backup   ${operatorFolder}, of ${endedAt.toISOString()}: ${size}, ${took}`,
    withKey
      ? '  key      is in it: who has this copy has every secret'
      : '  key      is not in it: keep master.key, or MILLRACE_MASTER_KEY, at another place',
  ];
}

async function copyCertificates({ dataDir }: Config, folder: string): Promise<CopiedFile[]> {
  const tls = path.join(dataDir, 'tls');
  const names = existsSync(tls) ? await readdir(tls) : [];
  return await Promise.all(
    names.map(async (name) => ({
      path: `tls/${name}`,
      ...(await copyFile(path.join(tls, name), path.join(folder, 'tls', name))),
    })),
  );
}

async function copyKey(config: Config, folder: string): Promise<CopiedFile> {
  const keeper = keeperOf(config);
  if (keeper !== null) {
    throw new StartError(`the master key is not in the data directory: keep ${keeper.told}`);
  }
  const name = path.basename(masterKeyFile(folder));
  return { path: name, ...(await copyFile(masterKeyFile(config.dataDir), masterKeyFile(folder))) };
}
