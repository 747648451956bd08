// Opens what functions run on, language by language, and says in the log what of it this machine has. Called
// by open-code.ts.

import type { Logger } from 'pino';
import { openDotnetInstaller } from '../engines/dotnet-installer.ts';
import { openEngineInstaller } from '../engines/engine-installer.ts';
import { type Engines, openEngines } from '../engines/engines.ts';
import { openJavaInstaller } from '../engines/java-installer.ts';
import type { Foundation } from './open-foundation.ts';

export function openInstalledEngines({
  config: { enginesDir, pythons, javas, dotnets },
  log,
  endings,
}: Pick<Foundation, 'config' | 'log' | 'endings'>): Engines {
  const installer = openEngineInstaller({ enginesDir, log });
  endings.push(() => installer.close());
  const dotnetInstaller = openDotnetInstaller({ enginesDir, dotnets, log });
  const javaInstaller = openJavaInstaller({ enginesDir, javas, log });
  endings.push(() => Promise.all([javaInstaller.close(), dotnetInstaller.close()]));
  tellFound('Python', pythons, log);
  // Without a compiler none of them runs functions; the doctor says what to install.
  tellFound('Java', javas.compilerHome === null ? [] : javas.engines, log);
  tellFound('C#', dotnets.compiler === null ? [] : dotnets.engines, log);
  return openEngines({ installer, pythons, javas, javaInstaller, dotnets, dotnetInstaller });
}

/** Their places are the launcher's to tell: the server sees them elsewhere. */
function tellFound(language: string, versions: readonly { exact: string }[], log: Logger): void {
  if (versions.length === 0) return;
  log.info(`functions in ${language} run on ${versions.map(({ exact }) => exact).join(', ')}`);
}
