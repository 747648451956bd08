// Looks for the JDKs and JREs of this machine where people have them: PATH, JAVA_HOME, the distribution,
// /opt, SDKMAN. Looks at folders alone and runs nothing. Reports only what root, or the user that starts
// Millrace, owns alone. Called by the launcher, once, before anything serves.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type FoundJava, type FoundJavas, OLDEST_JAVA, runtimeSources } from '../contract/javas.ts';
import { homeDir } from '../contract/paths.ts';
import { canonical, compareVersions, isOwned, listed } from './found-places.ts';

/** Changes when java-installer.ts lays an engine's folder out in another way. */
const LAYOUT = 1;

/** Without these it is none, or another virtual machine than the one whose flags are known. */
const NEEDED = ['bin/java', 'lib/modules', 'lib/server/libjvm.so', 'release'];
const COMPILER = 'bin/javac';

/** @param env of the process that looks: PATH, JAVA_HOME and HOME */
export function findJavas(env: NodeJS.ProcessEnv): FoundJavas {
  const homes = [...new Set(placesOf(env).map(canonical))];
  const found = homes.flatMap((home) => javaIn(home) ?? []);
  const best = new Map<string, FoundJava>();
  for (const java of found) {
    const other = best.get(java.version);
    if (other === undefined || compareVersions(java.exact, other.exact) > 0) best.set(java.version, java);
  }
  const compilers = found.filter(({ home }) => isOwned(path.join(home, COMPILER)));
  return {
    engines: [...best.values()].sort((one, other) => compareVersions(one.exact, other.exact)),
    // The oldest: it says least about being asked for code that runs on old ones.
    compilerHome: compilers.sort((one, other) => compareVersions(one.exact, other.exact))[0]?.home ?? null,
  };
}

/** Named for what it is made of: another build of the JDK, or another runtime, is another folder. */
export function javaFolder(
  exact: string,
  release: string,
  sources: string = path.join(homeDir(), 'runtimes/java'),
): string {
  const hash = createHash('sha256').update(`${LAYOUT}\0${release}`);
  for (const file of runtimeSources(sources))
    hash.update(`\0${path.relative(sources, file)}\0`).update(readFileSync(file));
  return `java-${exact}-${hash.digest('hex').slice(0, 12)}`;
}

function placesOf({ PATH = '', JAVA_HOME, HOME }: NodeJS.ProcessEnv): string[] {
  const below = (folder: string): string[] => listed(folder).map((name) => path.join(folder, name));
  const commands = PATH.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const own = HOME === undefined || !path.isAbsolute(HOME) ? null : HOME;
  return [
    ...commands.map((folder) => path.resolve(canonical(path.join(folder, 'java')), '../..')),
    ...(JAVA_HOME === undefined || !path.isAbsolute(JAVA_HOME) ? [] : [JAVA_HOME]),
    ...below('/usr/lib/jvm'),
    ...below('/usr/java'),
    ...below('/opt'),
    ...below('/opt/java'),
    ...(own === null
      ? []
      : [...below(path.join(own, '.sdkman/candidates/java')), ...below(path.join(own, '.jdks'))]),
  ];
}

/** @returns null when it is none, or none that can be used */
function javaIn(home: string): FoundJava | null {
  if (![home, ...NEEDED.map((part) => path.join(home, part))].every(isOwned)) return null;
  const release = readFileSync(path.join(home, 'release'), 'utf8');
  const exact = /^JAVA_VERSION="(\d+(?:\.\d+)*)"/m.exec(release)?.[1];
  const version = Number(exact?.split('.')[0]);
  const isHotspot = !/^JVM_VARIANT="(?!hotspot)/im.test(release);
  if (exact === undefined || !isHotspot || version < OLDEST_JAVA) return null;
  return { version: String(version), exact, home, folder: javaFolder(exact, release) };
}
