// Says which packages an upload in Python needs built: those of the requirements.txt at its root, unless the
// zip brings them all. Called by whatever takes in code of functions in Python.
import type { Engines } from '../engines/engines.ts';
import { findRuntime } from '../engines/runtime-codes.ts';
import { contents } from '../versions/unpack-zip.ts';
import { readZipDirectory, type UnpackLimits, type ZipEntry } from '../versions/zip-directory.ts';
import type { PythonRequest } from './build.ts';
import { areThere, readRequirements, requireAllowed, requireSize } from './requirements.ts';

export type NeededPackages = { dependencies: Record<string, string>; python: PythonRequest };

export type PythonPackageParts = {
  engines: Pick<Engines, 'choose'>;
  limits: UnpackLimits;
  /** Names that may be asked for. */
  pythonPackages: readonly string[] | '*';
};

const FILE = 'requirements.txt';

/**
 * @returns null where the code needs none built
 * @throws Failure `invalid_input` for a zip that is refused, and for a line that a build doesn't take
 */
export async function neededPackages(
  { engines, limits, pythonPackages }: PythonPackageParts,
  runtime: string,
  zip: Buffer,
): Promise<NeededPackages | null> {
  const chosen = engines.choose(runtime);
  if (!isPython(runtime) || !('engine' in chosen)) return null;
  const entries = await readZipDirectory(zip, limits);
  const entry = entries.find(({ path, kind }) => path === FILE && kind === 'file');
  if (entry === undefined) return null;
  const requirements = readRequirements(await textOf(zip, entry));
  const isComplete = areThere(
    requirements,
    entries.map(({ path }) => path),
  );
  if (isComplete) return null;
  requireAllowed(requirements, pythonPackages);
  const { text, dependencies } = requirements;
  return { dependencies, python: { engine: chosen.engine, requirements: text } };
}

export function isPython(runtime: string): boolean {
  const found = findRuntime(runtime);
  return found !== null && found !== 'other_language' && found.language === 'python';
}

async function textOf(zip: Buffer, entry: ZipEntry): Promise<string> {
  requireSize(entry.unpackedBytes);
  const chunks: Buffer[] = [];
  for await (const chunk of contents(zip, entry)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
