// `doctor`: looks at everything that Millrace needs on this machine, prints what it found and what to do, and
// changes nothing. Called by main.ts.
import { pino } from 'pino';
import { StartError } from '../process/start-error.ts';
import type { Config } from '../server/src/config/config.ts';
import { openEngineInstaller } from '../server/src/engines/engine-installer.ts';
import { examine, findingsTable } from '../server/src/roles/finding.ts';
import { installationChecks } from './installation-checks.ts';
import { machineChecks } from './machine-checks.ts';

/** @throws StartError when something is missing without which Millrace doesn't start */
export async function doctor(config: Config): Promise<void> {
  const engines = openEngineInstaller({ enginesDir: config.enginesDir, log: pino({ level: 'silent' }) });
  const findings = await examine([...machineChecks(config), ...installationChecks(config, engines)]);
  await engines.close();
  console.log(findingsTable(findings));
  const missing = findings.filter(({ state }) => state === 'missing').map(({ subject }) => subject);
  if (missing.length > 0)
    throw new StartError(`Millrace can't run here as it is set up: ${missing.join(', ')}`);
}
