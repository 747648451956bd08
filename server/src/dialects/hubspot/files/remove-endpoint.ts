// Deletes the function of an endpoint for good: its entry leaves the folder's serverless.json, as if its
// owner had uploaded the file without it, so that the next deployment doesn't bring it back. A folder whose
// last endpoint goes is deleted with its files. Other files stay: what the remaining endpoints require isn't
// known. Called by Millrace's own API.
import { createHash } from 'node:crypto';
import { applyEdits, modify, parse } from 'jsonc-parser';
import type { World } from '../../../accounts/account.ts';
import type { SealedFunction } from '../../../functions/function-store.ts';
import type { Database, Sql } from '../../../postgres/database.ts';
import type { Deployment } from '../../../versions/deployment.ts';
import type { Endpoint } from '../catalog/endpoint.ts';
import { takePaths } from '../catalog/endpoint-path-store.ts';
import { findEndpointOf, retireEndpoint } from '../catalog/endpoint-store.ts';
import { deleteFiles, findFile, lockFiles, putFile } from '../catalog/file-store.ts';
import { markFolder } from '../catalog/folder-store.ts';
import { pathOf, readServerlessJson, SERVERLESS_JSON } from '../catalog/serverless-json.ts';
import { forget } from './file-endpoints.ts';

export type EndpointRemoverParts = { database: Database; deployment: Pick<Deployment, 'remove'> };

export function createEndpointRemover({
  database,
  deployment,
}: EndpointRemoverParts): (fn: SealedFunction) => Promise<void> {
  return async (fn) => {
    const world: World = { accountId: fn.accountId, mode: fn.mode };
    await database.transaction(async (sql) => {
      await lockFiles(sql, world);
      const endpoint = await findEndpointOf(sql, world, fn.id);
      if (endpoint === null) return;
      if (endpoint.retiredAt === null) await takeOut(sql, world, endpoint);
      await retireEndpoint(sql, world, endpoint.folder, endpoint.path);
    });
    // Nobody is sent to it any more.
    await deployment.remove(world, fn.id);
  };
}

async function takeOut(sql: Sql, world: World, { folder, path }: Endpoint): Promise<void> {
  const name = `${folder}/${SERVERLESS_JSON}`;
  const text = (await findFile(sql, world, name))?.content.toString();
  if (text === undefined) return;
  const left = withoutEndpoint(text, path);
  const { config, problems } = readServerlessJson(left);
  // Its owner has to put it right: until then nothing is deployed of it.
  if (problems.length > 0) return;
  if (config.endpoints.length === 0) {
    for (const gone of await deleteFiles(sql, world, folder)) await forget(sql, world, gone);
    return;
  }
  const content = Buffer.from(left);
  await putFile(sql, world, {
    path: name,
    content,
    hash: createHash('sha256').update(content).digest('hex'),
  });
  await takePaths(sql, world, folder, config.endpoints);
  await markFolder(sql, world, folder, 'delete');
}

/** @returns the file as its owner has written it, without the entries of that path */
function withoutEndpoint(text: string, path: string): string {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const { endpoints } = (parse(json) ?? {}) as { endpoints?: Record<string, unknown> };
  return Object.keys(endpoints ?? {})
    .filter((name) => pathOf(name) === path)
    .reduce((left, name) => applyEdits(left, modify(left, ['endpoints', name], undefined, {})), json);
}
