// `hs function list`: one row per route and method.
import type { Sql } from '../../../postgres/database.ts';
import { matchEndpoint } from '../catalog/endpoint.ts';
import { listEndpoints, type StoredEndpoint } from '../catalog/endpoint-store.ts';
import { findPortalId } from '../catalog/portal-store.ts';
import { projectNameOf } from '../catalog/project-record.ts';
import { type CliEndpoint, json } from '../frame/cli-endpoint.ts';

export function routeEndpoints({ sql }: { sql: Sql }): CliEndpoint[] {
  return [
    {
      ...{ method: 'GET', prefix: '/cms/v3/functions', path: '/routes' },
      permit: { resource: 'hosted_functions', method: 'read' },
      answer: async ({ world }) => {
        const portalId = await findPortalId(sql, world);
        const endpoints = await listEndpoints(sql, world);
        const objects = endpoints.flatMap((endpoint) =>
          endpoint.methods
            .filter((method) => isCalled(endpoints, endpoint, method))
            .map((method) => viewRoute(endpoint, method, portalId)),
        );
        const total = objects.length;
        return json({
          objects,
          total,
          limit: Math.max(100, total),
          offset: 0,
          totalCount: total,
          message: null,
        });
      },
    },
  ];
}

/** Another folder may have taken the path over. */
function isCalled(endpoints: readonly StoredEndpoint[], endpoint: StoredEndpoint, method: string): boolean {
  const match = matchEndpoint(endpoints, endpoint.path, method);
  return match.kind === 'found' && match.endpoint === endpoint;
}

function viewRoute(
  endpoint: StoredEndpoint,
  method: string,
  portalId: number | null,
): Record<string, unknown> {
  return {
    portalId,
    id: endpoint.number,
    serverlessFunctionId: endpoint.number,
    functionId: endpoint.functionId,
    route: endpoint.path,
    rawAssetPath: `/${endpoint.folder}/${endpoint.file}`,
    method,
    configHash: 0,
    secretNames: endpoint.secretNames,
    created: endpoint.createdAt.getTime(),
    updated: endpoint.modifiedAt.getTime(),
    deletedAt: 0,
    deployId: 0,
    projectName: projectNameOf(endpoint.folder),
    appId: null,
    deployed: true,
  };
}
