// Which Java of this machine runs a code, what is missing where none does, and how that is said. Pure. Called
// by engines.ts, and by what starts or reports engines.
import { type FoundJavas, findJava } from '../../../contract/javas.ts';
import type { ChosenEngine, LanguageEngines, NoEngine } from './engines.ts';
import type { JavaInstaller } from './java-installer.ts';
import type { VersionedCode } from './runtime-codes.ts';

export function createJavaEngines(
  javas: FoundJavas,
  installer: Pick<JavaInstaller, 'ensure'>,
): LanguageEngines<VersionedCode> {
  return {
    choose: (runtime) => chooseJava(runtime, javas),
    ensure: (engine) => installer.ensure(findJava(engine, javas)),
  };
}

/**
 * The version that the code names, or the nearest newer one: what was compiled for an older one runs there.
 */
function chooseJava({ code, version }: VersionedCode, javas: FoundJavas): ChosenEngine | NoEngine {
  const { engines, compilerHome } = javas;
  const found = engines.find((engine) => Number(engine.version) >= Number(version));
  if (found === undefined) return { problem: noJava(code, version, engines) };
  if (compilerHome === null) {
    const problem = `${code} would run on Java ${found.exact}, and takes the compiler of a JDK once: install the package openjdk-${found.version}-jdk-headless and restart Millrace`;
    return { problem };
  }
  return {
    ...{ language: 'java', engine: `java-${Number(found.version)}`, version: found.exact },
    substituted: found.version !== version,
  };
}

/** For the log of the start and the doctor. */
export function describeJavas({ engines, compilerHome }: FoundJavas): string {
  if (engines.length === 0) return 'none: install a JDK (default-jdk-headless) for functions in Java';
  const found = engines.map(({ exact, home }) => `${exact} (${home})`).join(', ');
  return compilerHome === null
    ? `${found}, and no JDK: functions in Java need its compiler, install default-jdk-headless`
    : found;
}

function noJava(code: string, version: string, engines: FoundJavas['engines']): string {
  if (engines.length === 0)
    return `${code} needs Java 11 or later, and this machine has none: install a JDK (the package default-jdk-headless) and restart Millrace`;
  const there = engines.map((java) => java.version).join(', ');
  return `${code} needs Java ${version} or later, and this machine has ${there}: install a JDK ${version} (PATH, JAVA_HOME, /usr/lib/jvm, /opt and SDKMAN are looked at) and restart Millrace`;
}
