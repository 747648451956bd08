// `npm run restore`: makes a data dir of a copy, as it was at the copy's moment, or, with an archive of the
// write-ahead log, at any moment since. What is restored was started once, and every page of it read. After a
// failure the data dir is as it was. Called by carry-out-copy.ts, whose caller has the data dir's lock.
import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import type { CopyOrder } from '../../../contract/copy-order.ts';
import { StartError } from '../../../process/start-error.ts';
import { type CopiedFile, type CopyManifest, readManifest } from '../backups/copy-manifest.ts';
import { layOut, layOutCopy } from '../backups/lay-out-copy.ts';
import { recoverCluster } from '../backups/recover-cluster.ts';
import type { Config } from '../config/config.ts';
import { embeddedPlace } from './open-store.ts';
import { keyOfInstallation, lookAt, requireSamePostgres, toldOfContents, toldOfKey } from './verify-copy.ts';

/** @returns what to print. @throws StartError */
export async function restoreCopy(config: Config, order: CopyOrder, log: Logger): Promise<string[]> {
  const place = embeddedPlace(config);
  if (existsSync(place.clusterDir)) {
    throw new StartError(
      `there is a database in ${config.operatorDataDir}: name another MILLRACE_DATA_DIR, or move its folder postgres away`,
    );
  }
  const manifest = await readManifest(order.folder, order.operatorFolder);
  requireSamePostgres(manifest);
  requireReachable(manifest, order);
  // A start makes a new database of nothing that a restore has left unfinished, nor takes it for one.
  const unfinished = `${place.clusterDir}.unfinished`;
  const made = [unfinished];
  try {
    await rm(unfinished, { recursive: true, force: true });
    made.push(...(await layOutBeside(manifest, config, order)));
    await layOutCopy(manifest, { ...order, clusterDir: unfinished });
    const key = keyOfInstallation(config);
    const recovery = {
      place: { ...place, clusterDir: unfinished },
      archive: config.walArchive,
      to: order.to,
    };
    const looked = await recoverCluster(recovery, log, (database) => lookAt(database, key));
    await rename(unfinished, place.clusterDir);
    const missing = `put master.key into ${config.operatorDataDir}, or set MILLRACE_MASTER_KEY, before the start`;
    return [
      `  restored ${config.operatorDataDir}, from ${order.operatorFolder}`,
      ...toldOfContents(looked),
      key === null ? `  key      is not here: ${missing}` : toldOfKey(key),
    ];
  } catch (error) {
    for (const one of made) await rm(one, { recursive: true, force: true });
    throw error;
  }
}

function requireReachable({ ended_at: endedAt }: CopyManifest, { to, operatorFolder }: CopyOrder): void {
  if (to === null || new Date(to) >= new Date(endedAt)) return;
  throw new StartError(`${operatorFolder} is of ${endedAt}: for ${to} an older backup is needed`);
}

/** Certificates and key, where the data dir has none of its own. @returns what was made */
async function layOutBeside(manifest: CopyManifest, config: Config, order: CopyOrder): Promise<string[]> {
  const beside = manifest.files.filter(({ path: name }) => /^(tls\/[^/]+|master\.key)$/.test(name));
  const made: string[] = [];
  const isThere = new Set(
    ['tls', 'master.key'].filter((name) => existsSync(path.join(config.dataDir, name))),
  );
  for (const file of beside) {
    const top = file.path.split('/')[0] as string;
    if (isThere.has(top)) continue;
    made.push(path.join(config.dataDir, top));
    await layOutOne(file, config.dataDir, order);
  }
  return made;
}

const EVERYBODY_READS = 0o644;

async function layOutOne(file: CopiedFile, dataDir: string, order: CopyOrder): Promise<void> {
  const to = path.join(dataDir, file.path);
  if (file.path.startsWith('tls/')) await mkdir(path.dirname(to), { recursive: true, mode: 0o755 });
  await layOut(file, to, order);
  // Clients are given it.
  if (file.path === 'tls/ca.pem') await chmod(to, EVERYBODY_READS);
}
