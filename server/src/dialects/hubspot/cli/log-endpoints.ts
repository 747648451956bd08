// `hs logs`: the latest runs of a route, its very latest, and, followed, what came since. A route is taken as
// people type it.
import { fail } from '../../../errors/failure.ts';
import type { Sql } from '../../../postgres/database.ts';
import { trimSlashes } from '../catalog/endpoint.ts';
import { ENDPOINT_PREFIXES } from '../catalog/endpoint-path.ts';
import { listPathEndpoints } from '../catalog/endpoint-store.ts';
import { type CliEndpoint, type CliRequest, json } from '../frame/cli-endpoint.ts';
import { cursorOf, logIdOf, readCursor } from '../frame/log-id.ts';
import { type LoggedRun, listLatestRuns, listRunsAfter } from './log-store.ts';
import { viewLog } from './log-view.ts';

const DEFAULT_LIMIT = 5;
const MOST = 500;

export function logEndpoints({ sql }: { sql: Sql }): CliEndpoint[] {
  const place = {
    method: 'GET',
    prefix: '/cms/v3/functions',
    permit: { resource: 'function_runs', method: 'read' },
  } as const;
  return [
    { ...place, path: '/results/by-route/:route', answer: (request) => logs(sql, request) },
    { ...place, path: '/results/by-route/:route/latest', answer: (request) => latest(sql, request) },
  ];
}

async function logs(sql: Sql, request: CliRequest): Promise<ReturnType<typeof json>> {
  const functionIds = await functionsOf(sql, request);
  const limit = limitOf(request.query.limit);
  const { after } = request.query;
  if (after === undefined) {
    const runs = await listLatestRuns(sql, request.world, functionIds, limit);
    return json(page(runs, runs[0] === undefined ? '' : cursorOf(logIdOf(runs[0].id))));
  }
  const seen = after === '' ? null : readCursor(after);
  const runs = await listRunsAfter(sql, request.world, { functionIds, after: seen, limit });
  const last = runs.at(-1);
  return json(page(runs, last === undefined ? after : cursorOf(logIdOf(last.id))));
}

/** A follower needs a cursor in every answer, whether or not there was anything. */
function page(runs: readonly LoggedRun[], after: string): Record<string, unknown> {
  return { results: runs.map(viewLog), paging: { next: { after, link: '' } } };
}

async function latest(sql: Sql, request: CliRequest): Promise<ReturnType<typeof json>> {
  const [run] = await listLatestRuns(sql, request.world, await functionsOf(sql, request), 1);
  if (run === undefined) fail('not_found', { message: 'The route has no logs yet.' });
  return json(viewLog(run));
}

/** Of every folder that declares the route or did, retired ones too: their logs are kept. */
async function functionsOf(sql: Sql, { world, params }: CliRequest): Promise<string[]> {
  const route = routeOf(params.route ?? '');
  const endpoints = await listPathEndpoints(sql, world, route);
  if (endpoints.length === 0) fail('not_found', { message: `There is no route ${route.slice(0, 200)}.` });
  return endpoints.map(({ functionId }) => functionId);
}

function routeOf(typed: string): string {
  const path = trimSlashes(typed.split('?', 1)[0] ?? '');
  const prefix = ENDPOINT_PREFIXES.map(trimSlashes).find((candidate) => path.startsWith(`${candidate}/`));
  return trimSlashes(prefix === undefined ? path : path.slice(prefix.length));
}

function limitOf(text: string | undefined): number {
  const limit = /^[0-9]{1,6}$/.test(text ?? '') ? Number(text) : DEFAULT_LIMIT;
  return Math.min(MOST, Math.max(1, limit));
}
