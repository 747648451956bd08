// The packages of functions of this dialect: asked for when settings name others, and the code that waits for
// them with them. Called when a function is saved, and at a start for those that nobody was asked for.
import type { World } from '../../accounts/account.ts';
import { findBuild } from '../../builds/build-store.ts';
import type { Builder } from '../../builds/builder.ts';
import type { Database, Sql } from '../../postgres/database.ts';
import type { UploadedCode } from '../../versions/deployment.ts';
import { packZip } from '../../versions/pack-zip.ts';
import type { RevcentSettings } from './function-settings.ts';
import { getSettings, type KeptSettings, noteBuild } from './function-settings-store.ts';

export const DIALECT = 'revcent';
export const CODE_FILE = 'function.js';
const ENGINE_MAJOR = 20;

export type PackageParts = { database: Database; builder: Pick<Builder, 'requestBuild'> };

/**
 * Asks for the packages that the settings name. The code waits for them: it becomes the active version
 * together with them, and what is active stays as it is where they can't be had. Who changes the function
 * meanwhile asks for their own: the last to ask asks for what is kept.
 */
export async function buildPackages(parts: PackageParts, world: World, functionId: string): Promise<void> {
  for (let kept = await getSettings(parts.database, world, functionId); kept !== null; ) {
    const { dependencies } = kept.settings;
    const build = await parts.builder.requestBuild({
      ...{ world, functionId, dependencies, engineMajor: ENGINE_MAJOR, purpose: DIALECT },
      code: await bundleOf(kept.code, dependencies),
    });
    await noteBuild(parts.database, world, functionId, build.id);
    const now = await getSettings(parts.database, world, functionId);
    if (now === null || asksTheSame(kept, now)) return;
    kept = now;
  }
}

/** Also where only the code has changed, but the packages that it runs with aren't there yet. */
export async function wantsBuild(
  { sql, world }: { sql: Sql; world: World },
  kept: KeptSettings,
  settings: RevcentSettings,
  code: string,
): Promise<boolean> {
  if (!sameRanges(kept.settings.dependencies, settings.dependencies)) return true;
  if (!hasPackages(settings) || code === kept.code) return false;
  return kept.buildId === null || (await findBuild(sql, world, kept.buildId))?.status !== 'ready';
}

export function hasPackages(settings: RevcentSettings): boolean {
  return Object.keys(settings.dependencies).length > 0;
}

export async function bundleOf(code: string, dependencies: Record<string, string>): Promise<UploadedCode> {
  const manifest = JSON.stringify({ private: true, dependencies });
  const files = [
    { name: CODE_FILE, content: Buffer.from(code) },
    { name: 'package.json', content: Buffer.from(manifest) },
  ];
  return { zip: await packZip(files), filename: 'function.zip' };
}

function asksTheSame(one: KeptSettings, other: KeptSettings): boolean {
  return one.code === other.code && sameRanges(one.settings.dependencies, other.settings.dependencies);
}

function sameRanges(a: Record<string, string>, b: Record<string, string>): boolean {
  const text = (ranges: Record<string, string>): string => JSON.stringify(Object.entries(ranges).sort());
  return text(a) === text(b);
}
