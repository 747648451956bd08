// Reads a package-lock.json as it comes out of a build jail, and says which layer it leads to. Pure; believes
// nothing of it: whatever is no lock of packages from a registry is refused. Called by build-set.ts.
import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Grows when the same lock is installed in another way: layers of before are then not taken any more. */
const LAYER_FORMAT = 1;

const lockSchema = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(
    z.string(),
    z.looseObject({
      version: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      link: z.literal(false).optional(),
      inBundle: z.boolean().optional(),
    }),
  ),
});

export type Lock = {
  text: string;
  packages: number;
  /** Name and exact version of what was asked for. */
  resolved: Record<string, string>;
  /** Of the layer: {@link layerKey}. */
  key: string;
};

export type LockFacts = {
  dependencies: Readonly<Record<string, string>>;
  engineMajor: number;
  platform: string;
  /** Names of the packages whose install scripts are run. */
  scripts: readonly string[];
};

/** @throws Error saying what is wrong with it */
export function readLock(text: string, facts: LockFacts): Lock {
  const parsed = lockSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`the lock is none: ${z.prettifyError(parsed.error)}`);
  const { '': _root, ...packages } = parsed.data.packages;
  for (const [place, { resolved, integrity, inBundle }] of Object.entries(packages)) {
    if (!place.startsWith('node_modules/')) throw new Error(`${place} lies outside of node_modules`);
    // Comes inside another package, whose checksum covers it.
    const isBundled = inBundle === true && resolved === undefined;
    if (!isBundled && !/^https?:\/\//.test(resolved ?? '')) throw new Error(`${place} is from no registry`);
    if (!isBundled && integrity === undefined) throw new Error(`${place} has no checksum in the registry`);
  }
  return {
    text,
    packages: Object.keys(packages).length,
    resolved: resolvedOf(packages, facts.dependencies),
    key: layerKey(packages, facts),
  };
}

type Packages = z.infer<typeof lockSchema>['packages'];

function resolvedOf(packages: Packages, dependencies: LockFacts['dependencies']): Record<string, string> {
  const found = Object.keys(dependencies).map((name) => {
    const version = packages[`node_modules/${name}`]?.version;
    if (version === undefined) throw new Error(`${name} is not in the lock`);
    return [name, version] as const;
  });
  return Object.fromEntries(found);
}

/**
 * Two locks that install the same have the same key, whatever ranges led there and from wherever the bytes
 * come: a package's checksum is part of it, its address isn't.
 */
function layerKey(packages: Packages, { engineMajor, platform, scripts }: LockFacts): string {
  const run = scripts.filter((name) =>
    Object.keys(packages).some((place) => place.endsWith(`node_modules/${name}`)),
  );
  const entries = Object.entries(packages)
    .map(([place, { resolved: _resolved, ...rest }]) => [place, rest] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const facts = [LAYER_FORMAT, platform, engineMajor, [...run].sort(), entries];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}
