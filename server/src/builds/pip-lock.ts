// Reads what pip has downloaded, as it comes out of a build jail, and says which layer it leads to. Pure;
// believes nothing of it. Called by build-set.ts.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Lock } from './lock.ts';
import { normalized } from './requirements.ts';

/** Grows when the same wheels are installed in another way: layers of before are then not taken any more. */
const LAYER_FORMAT = 1;

const lockSchema = z.object({
  packages: z.array(
    z.object({
      name: z.string().max(300),
      version: z.string().max(300),
      file: z.string().max(300),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

export type PipLockFacts = {
  dependencies: Readonly<Record<string, string>>;
  engine: string;
  platform: string;
};

/** @throws Error saying what is wrong with it */
export function readPipLock(text: string, { dependencies, engine, platform }: PipLockFacts): Lock {
  const parsed = lockSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`the lock is none: ${z.prettifyError(parsed.error)}`);
  const { packages } = parsed.data;
  const versions = new Map(packages.map(({ name, version }) => [normalized(name), version]));
  // A requirement whose marker is for other machines leads to no package.
  const asked = Object.keys(dependencies).filter((name) => versions.has(name));
  const checksums = packages.map(({ sha256 }) => sha256).sort();
  const facts = ['pip', LAYER_FORMAT, platform, engine, checksums];
  return {
    text,
    packages: packages.length,
    resolved: Object.fromEntries(asked.map((name) => [name, versions.get(name) ?? ''])),
    key: createHash('sha256').update(JSON.stringify(facts)).digest('hex'),
  };
}
