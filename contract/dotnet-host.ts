// The host of C# functions as it lies in runtimes/dotnet/, and the folder of an engine that it is compiled
// for: launcher, server and tests must mean the same one.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { homeDir } from './paths.ts';

/** Named for what it is made of: another patch of the runtime, or another host, is another folder. */
export function dotnetFolder(
  exact: string,
  sources: string = path.join(homeDir(), 'runtimes/dotnet'),
): string {
  const hash = createHash('sha256');
  for (const file of hostSources(sources)) hash.update(`${path.basename(file)}\0`).update(readFileSync(file));
  return `dotnet-${exact}-${hash.digest('hex').slice(0, 12)}`;
}

/** The C# files of the host. */
export function hostSources(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.cs'));
  return names.sort().map((name) => path.join(folder, name));
}
