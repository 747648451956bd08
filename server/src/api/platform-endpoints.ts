// How the installation itself is: what jails functions, what is worth a warning, which engines there are, how full it is.
import type { InstalledEngine } from '../engines/engine-installer.ts';
import type { SandboxPool } from '../sandbox/sandbox-pool.ts';
import { platformSchema } from './api-schemas.ts';
import type { ApiEndpoint } from './millrace-api.ts';

type Parts = {
  /** Name of the sandbox driver. */
  sandbox: string;
  warnings: readonly string[];
  engines: { installed(): Promise<InstalledEngine[]> };
  pool: Pick<SandboxPool, 'census'>;
};

export function platformEndpoints({ sandbox, warnings, engines, pool }: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/platform',
      summary: 'How the installation is',
      permit: { resource: 'hosted_functions', method: 'read' },
      response: platformSchema,
      answer: async () => {
        const { promisedMb, ...counts } = pool.census();
        return { sandbox, warnings, engines: await engines.installed(), ...counts, promised_mb: promisedMb };
      },
    },
  ];
}
