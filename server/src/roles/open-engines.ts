// Opens what functions run on, language by language, and says in the log what of it this machine has. Called
// by open-code.ts.

import { describeDotnets } from '../engines/dotnet-engines.ts';
import { openDotnetInstaller } from '../engines/dotnet-installer.ts';
import { openEngineInstaller } from '../engines/engine-installer.ts';
import { type Engines, openEngines } from '../engines/engines.ts';
import { describeJavas } from '../engines/java-engines.ts';
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
  if (pythons.length > 0)
    log.info(`functions in Python run on ${pythons.map(({ exact }) => exact).join(', ')}`);
  if (javas.engines.length > 0) log.info(`functions in Java run on ${describeJavas(javas)}`);
  if (dotnets.engines.length > 0) log.info(`functions in C# run on ${describeDotnets(dotnets)}`);
  return openEngines({ installer, pythons, javas, javaInstaller, dotnets, dotnetInstaller });
}
