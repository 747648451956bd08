// Whether the folders of the cache were written in this life of the machine. A power cut may leave a folder
// renamed whose files never reached the disk. Forcing thousands of small files out at every upload costs
// seconds; forgetting the cache when the machine has been restarted costs nothing until a function is called.
// Called by bundle-cache.ts.
import { randomUUID } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Says in which life of the machine the folders beside it were written. */
export const BOOT_FILE = '.boot';

export async function isSameBoot(bundlesDir: string, bootId: string): Promise<boolean> {
  const former = await readFile(path.join(bundlesDir, BOOT_FILE), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    },
  );
  return former === bootId;
}

export async function writeBootFile(bundlesDir: string, bootId: string): Promise<void> {
  const file = await open(path.join(bundlesDir, BOOT_FILE), 'w', 0o644);
  try {
    await file.writeFile(bootId);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * What distinguishes this life of the machine from its others. Where the kernel doesn't say, it is new at
 * every start of the program, and nothing unpacked before is trusted.
 */
export async function readBootId(): Promise<string> {
  return readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => randomUUID(),
  );
}
