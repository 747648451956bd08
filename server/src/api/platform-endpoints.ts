// How the installation itself is: what jails functions, what is worth a warning, which engines there are, how
// full it is.
import type { z } from 'zod';
import type { InstalledEngine } from '../engines/engine-installer.ts';
import { fail } from '../errors/failure.ts';
import type { SandboxPool } from '../sandbox/sandbox-pool.ts';
import { platformSchema } from './api-schemas.ts';
import type { ApiEndpoint } from './millrace-api.ts';

type Parts = {
  /** Name of the sandbox driver. */
  sandbox: string;
  warnings: readonly string[];
  /** What is to be seen of this machine at the moment. */
  findings(): Promise<z.infer<typeof platformSchema>['findings']>;
  engines: { installed(): Promise<InstalledEngine[]> };
  pool: Pick<SandboxPool, 'stats'>;
  /** The facts are of the whole machine: for the one who runs it. */
  operatorAccountId: string;
};

export function platformEndpoints(parts: Parts): ApiEndpoint[] {
  const { sandbox, warnings, findings, engines, pool, operatorAccountId } = parts;
  return [
    {
      method: 'GET',
      path: '/platform',
      summary: 'How the installation is: for the operator',
      permit: { resource: 'hosted_functions', method: 'read' },
      response: platformSchema,
      answer: async ({ world }) => {
        if (world.accountId !== operatorAccountId) {
          fail('insufficient_permissions', {
            message: "the installation is shown to its operator, whose account is the installation's first",
          });
        }
        const { promisedMb, ...counts } = pool.stats();
        const [found, installed] = await Promise.all([findings(), engines.installed()]);
        const state = { sandbox, warnings, findings: found, engines: installed };
        return { ...state, ...counts, promised_mb: promisedMb };
      },
    },
  ];
}
