// The unpacked bundles on this node's disk, below <data dir>/bundles. Only a cache: the database has the
// zips, and what is missing here is unpacked again. A folder appears under its hash whole or not at all (it
// is renamed there), and stays while a process holds it: a sandbox may have it mounted. Called by
// deployment.ts and what starts sandboxes.
import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { bundleDir, bundlesDir } from '../../../contract/paths.ts';
import { fail } from '../errors/failure.ts';
import type { Sql } from '../postgres/database.ts';
import { BOOT_FILE, isSameBoot, writeBootFile } from './boot-mark.ts';
import { BundleHolds } from './bundle-holds.ts';
import { bundlesToRemove } from './bundle-plan.ts';
import { knownBundles, readBundle } from './bundle-store.ts';
import { folderDiskBytes } from './folder-size.ts';
import { type Unpacked, unpackZip } from './unpack-zip.ts';
import type { UnpackLimits } from './zip-directory.ts';

export { readBootId } from './boot-mark.ts';

/** A checked upload: unpacked beside the cache, not yet in it. End it with `publish` or `discard`. */
export type ReceivedBundle = {
  /** SHA-256 of the zip's bytes, hex. */
  hash: string;
  zip: Buffer;
  unpackedBytes: number;
  /** Of its files. */
  paths: readonly string[];
  /**
   * Puts it into the cache; never rejects. Call once the database has the bundle: from then on `ensure` can
   * mend it.
   */
  publish(): Promise<void>;
  discard(): Promise<void>;
};

type Parts = {
  sql: Sql;
  dataDir: string;
  /** `bundleCacheMb`: what all unpacked code may take on disk, in MiB; what is held may take more. */
  limits: UnpackLimits & { bundleCacheMb: number; layerBytes?: number; layerEntries?: number };
  /** Changes whenever the machine starts; see {@link readBootId}. */
  bootId: string;
  log: Logger;
};

const HASH = /^[0-9a-f]{64}$/;
const MIB = 1024 * 1024;

export function openBundleCache(parts: Parts): BundleCache {
  return new BundleCache(parts);
}

export class BundleCache {
  readonly #parts: Parts;
  readonly #dir: string;
  /** What is known to be on disk: bytes there, and the number of its latest use. */
  readonly #present = new Map<string, { diskBytes: number; lastUse: number }>();
  #uses = 0;
  readonly #fetching = new Map<string, Promise<string>>();
  readonly #leaving = new Map<string, Promise<void>>();
  readonly #holds = new BundleHolds();
  #tidying: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#dir = bundlesDir(parts.dataDir);
  }

  /** @throws Failure `invalid_input` when it is not a zip that we unpack; nothing is left on disk then */
  async receive(zip: Buffer, limits: UnpackLimits = this.#parts.limits): Promise<ReceivedBundle> {
    const { log } = this.#parts;
    const { temporaryDir, unpackedBytes, paths } = await this.#unpackBeside(zip, limits);
    const hash = createHash('sha256').update(zip).digest('hex');
    return {
      hash,
      zip,
      unpackedBytes,
      paths,
      publish: () =>
        this.#publish(hash, temporaryDir).catch((err: unknown) => {
          log.warn({ err, hash }, 'could not put unpacked code into its folder; it will be unpacked again');
        }),
      discard: () => rm(temporaryDir, { recursive: true, force: true }),
    };
  }

  /**
   * Makes sure that the bundle is on disk. Concurrent calls share the work. It stays there for as long as it
   * is held.
   * @returns its folder
   * @throws Failure `not_found` when the database doesn't have it (its function was deleted)
   */
  ensure(hash: string): Promise<string> {
    const present = this.#present.get(hash);
    if (present !== undefined) {
      present.lastUse = this.#nextUse();
      return Promise.resolve(bundleDir(this.#parts.dataDir, hash));
    }
    const running = this.#fetching.get(hash);
    if (running !== undefined) return running;
    const fetching = this.#fetch(hash).finally(() => this.#fetching.delete(hash));
    this.#fetching.set(hash, fetching);
    return fetching;
  }

  /**
   * Keeps the bundle on disk, if it is there, until the returned function is called: a sandbox is going to
   * mount it.
   */
  hold(hash: string): () => void {
    return this.#holds.hold(hash);
  }

  /**
   * Removes what a former life left: half-unpacked folders, bundles that no version holds any more, and all
   * of them if the machine was restarted since. Call before anything else, once the instance owns the data
   * dir.
   */
  async sweep(): Promise<void> {
    await mkdir(this.#dir, { recursive: true });
    const names = (await readdir(this.#dir)).filter((name) => name !== BOOT_FILE);
    const kept = (await isSameBoot(this.#dir, this.#parts.bootId))
      ? await knownBundles(this.#parts.sql, names.filter(isHash))
      : new Set();
    for (const name of names.filter((name) => !kept.has(name))) {
      await rm(path.join(this.#dir, name), { recursive: true, force: true });
    }
    await writeBootFile(this.#dir, this.#parts.bootId);
  }

  /**
   * Removes bundles that no version holds any more, and the longest unused ones while all are over the limit.
   */
  tidy(): Promise<void> {
    this.#tidying = this.#tidying.catch(() => {}).then(() => this.#tidyOnce());
    return this.#tidying;
  }

  async #tidyOnce(): Promise<void> {
    const { sql, limits, log } = this.#parts;
    const hashes = (await readdir(this.#dir)).filter(isHash);
    for (const hash of hashes) await this.#measure(hash);
    const known = await knownBundles(sql, hashes);
    const bundles = [...this.#present].map(([hash, entry]) => ({
      ...{ hash, ...entry, isKnown: known.has(hash) || !hashes.includes(hash) },
      isHeld: this.#holds.isHeld(hash),
    }));
    const limitBytes = limits.bundleCacheMb * MIB;
    for (const hash of bundlesToRemove(bundles, limitBytes)) await this.#remove(hash);
    const diskBytes = this.#diskBytes();
    if (diskBytes > limitBytes)
      log.warn({ diskBytes, limitBytes }, 'unpacked code in use is over its limit on disk');
  }

  async #remove(hash: string): Promise<void> {
    // One may have come while others were removed.
    if (this.#holds.isHeld(hash) || this.#fetching.has(hash)) return;
    this.#present.delete(hash);
    // Out of the way first: a folder under its hash is always whole.
    const leavingDir = path.join(this.#dir, `.leaving-${randomUUID()}`);
    const leaving = rename(bundleDir(this.#parts.dataDir, hash), leavingDir).catch(absent);
    this.#leaving.set(hash, leaving);
    await leaving.finally(() => this.#leaving.delete(hash));
    await rm(leavingDir, { recursive: true, force: true });
  }

  async #unpackBeside(zip: Buffer, limits: UnpackLimits): Promise<Unpacked & { temporaryDir: string }> {
    await mkdir(this.#dir, { recursive: true });
    if (this.#diskBytes() > this.#parts.limits.bundleCacheMb * MIB) await this.tidy();
    const temporaryDir = path.join(this.#dir, `.incoming-${randomUUID()}`);
    try {
      return { temporaryDir, ...(await unpackZip(zip, temporaryDir, limits)) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      fail('unavailable', { message: 'There is no room on the disk to unpack the zip.', cause: error });
    }
  }

  async #publish(hash: string, temporaryDir: string): Promise<void> {
    const letGo = this.#holds.hold(hash);
    try {
      await this.#leaving.get(hash);
      await rename(temporaryDir, bundleDir(this.#parts.dataDir, hash)).catch(alreadyThere);
      (await this.#measure(hash)).lastUse = this.#nextUse();
    } finally {
      letGo();
      await rm(temporaryDir, { recursive: true, force: true });
    }
  }

  async #fetch(hash: string): Promise<string> {
    const { sql, dataDir } = this.#parts;
    const dir = bundleDir(dataDir, hash);
    await this.#leaving.get(hash);
    if (await exists(dir)) (await this.#measure(hash)).lastUse = this.#nextUse();
    else {
      const zip = await readBundle(sql, hash);
      if (zip === null) fail('not_found', { message: `There is no code with the hash ${hash}.` });
      const { temporaryDir } = await this.#unpackBeside(zip, this.#storedLimits());
      await this.#publish(hash, temporaryDir);
    }
    return dir;
  }

  /** What the database holds was checked when it came; layers may be larger than uploads. */
  #storedLimits(): UnpackLimits {
    const { unpackedBytes, unpackedEntries, layerBytes = 0, layerEntries = 0 } = this.#parts.limits;
    return {
      unpackedBytes: Math.max(unpackedBytes, layerBytes),
      unpackedEntries: Math.max(unpackedEntries, layerEntries),
    };
  }

  /** Bundles never change: each is measured once. */
  async #measure(hash: string): Promise<{ diskBytes: number; lastUse: number }> {
    const diskBytes =
      this.#present.get(hash)?.diskBytes ?? (await folderDiskBytes(bundleDir(this.#parts.dataDir, hash)));
    const entry = this.#present.get(hash) ?? { diskBytes, lastUse: 0 };
    this.#present.set(hash, entry);
    return entry;
  }

  #nextUse(): number {
    this.#uses += 1;
    return this.#uses;
  }

  #diskBytes(): number {
    let bytes = 0;
    for (const { diskBytes } of this.#present.values()) bytes += diskBytes;
    return bytes;
  }
}

function isHash(name: string): boolean {
  return HASH.test(name);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Another process published the same bytes before us. */
function alreadyThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}

/** An operator's hand was quicker. */
function absent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
