// Code of functions, and what runs it: engines, unpacked bundles, the functions in memory with their values,
// and deployments. Called by serve.ts.
import type { Engines } from '../engines/engines.ts';
import { type FunctionDirectory, openFunctionDirectory } from '../functions/function-directory.ts';
import { type BundleCache, openBundleCache, readBootId } from '../versions/bundle-cache.ts';
import { startBundleTidier } from '../versions/bundle-tidier.ts';
import { type Deployment, openDeployment } from '../versions/deployment.ts';
import { openInstalledEngines } from './open-engines.ts';
import type { Foundation } from './open-foundation.ts';
import { openValues, type Values } from './open-values.ts';

/** Functions kept ready in memory. */
const DIRECTORY_CAPACITY = 20_000;

export type Code = {
  engines: Engines;
  bundles: BundleCache;
  values: Values;
  functions: FunctionDirectory;
  deployment: Deployment;
};

type Parts = Pick<Foundation, 'config' | 'log' | 'endings' | 'database' | 'keys'>;

export async function openCode(parts: Parts): Promise<Code> {
  const { config, log, endings, database } = parts;
  const { dataDir, limits } = config;
  const engines = openInstalledEngines(parts);
  const bundles = openBundleCache({ sql: database, dataDir, limits, bootId: await readBootId(), log });
  await bundles.sweep();
  const tidier = startBundleTidier({ bundles, log });
  endings.push(() => tidier.stop());
  const values = openValues(parts);
  const { openVariables } = values;
  const functions = openFunctionDirectory({ sql: database, openVariables, capacity: DIRECTORY_CAPACITY });
  const deployment = openDeployment({ database, bundles, onChanged: (id) => functions.forget(id) });
  return { engines, bundles, values, functions, deployment };
}
