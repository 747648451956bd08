// Compiles Java as its users do: against the interfaces of Lambda, for the oldest Java that runs functions.
// Used by tests alone.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { OLDEST_JAVA } from '../../contract/javas.ts';
import { findJavas } from '../../launcher/find-javas.ts';

const INTERFACES = fileURLToPath(new URL('../java/src', import.meta.url));
/** Of the interfaces nothing is written: functions needn't bring them. */
const OPTIONS = ['-implicit:none', '-proc:none', '-J-XX:TieredStopAtLevel=1', '-Xlint:-options', '-nowarn'];

export const javas = findJavas(process.env);

/** Why nothing of Java can be tested on this machine; false: it can. */
export const noJava: string | false =
  javas.compilerHome === null &&
  'there is no JDK on this machine: install one (the package default-jdk-headless) and run this again';

/** @param classes folder that the classes go to */
export function compileJava(classes: string, files: readonly string[]): void {
  if (javas.compilerHome === null) throw new Error('there is no compiler');
  const args = ['--release', String(OLDEST_JAVA), ...OPTIONS, '-sourcepath', INTERFACES, '-d', classes];
  execFileSync(path.join(javas.compilerHome, 'bin/javac'), [...args, ...files], { stdio: 'pipe' });
}
