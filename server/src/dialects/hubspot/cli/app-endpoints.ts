// The app of a project, as `hs app secret` and `hs app logs` see it. Here an app is no more than its project:
// secrets are the account's, and its logs are those of the project's functions.
import { z } from 'zod';
import type { World } from '../../../accounts/account.ts';
import { fail } from '../../../errors/failure.ts';
import { readInput } from '../../../http/read-input.ts';
import { listEndpointsBelow } from '../catalog/endpoint-store.ts';
import { findPortalId } from '../catalog/portal-store.ts';
import { listProjects, type Project, projectNumber, projectRoot } from '../catalog/project-record.ts';
import { listSecretNames } from '../catalog/secret-store.ts';
import { type CliAnswer, type CliEndpoint, type CliRequest, json, nothing } from '../frame/cli-endpoint.ts';
import { cursorOf, logIdOf, readCursor } from '../frame/log-id.ts';
import { type LoggedRun, listLatestRuns, listRunsAfter } from './log-store.ts';
import { viewAppLog, viewAppLogDetails } from './log-view.ts';
import { removeSecret, type SecretParts, writeSecret } from './secret-endpoints.ts';

const SECRETS = '/dev-secrets/management/v3';
const LOGS = '/developers/logs';
const MOST = 500;

export function appEndpoints(parts: SecretParts): CliEndpoint[] {
  const { database } = parts;
  const secret = { prefix: SECRETS, path: '/secrets/app/:app' };
  const values = 'function_values';
  const runs = { prefix: LOGS, permit: { resource: 'function_runs', method: 'read' } } as const;
  return [
    {
      ...{ method: 'GET', prefix: '/apps-dev/external/public/v3', path: '/full/portal' },
      permit: { resource: 'hosted_functions', method: 'read' },
      answer: async ({ world }) => json({ results: (await listProjects(database, world)).map(viewApp) }),
    },
    {
      ...{
        method: 'GET',
        prefix: SECRETS,
        path: '/keys/app/:app',
        permit: { resource: values, method: 'read' },
      },
      answer: async ({ world }) => {
        const names = await listSecretNames(database, world);
        return json({ secretKeys: names.map((secretKey) => ({ secretKey })) });
      },
    },
    {
      ...{ ...secret, method: 'POST', permit: { resource: values, method: 'create' }, takes: writeBody },
      answer: (request) => write(parts, request, 'add'),
    },
    {
      ...{ ...secret, method: 'PATCH', permit: { resource: values, method: 'update' }, takes: writeBody },
      answer: (request) => write(parts, request, 'change'),
    },
    {
      ...{ ...secret, method: 'DELETE', permit: { resource: values, method: 'delete' }, takes: keyBody },
      answer: async ({ world, body }) => {
        const { key } = readInput(keyBody, body, 'the request body');
        await removeSecret(parts, world, key);
        return nothing();
      },
    },
    {
      ...{ ...runs, method: 'POST', path: '/search/:app', takes: searchBody },
      answer: (request) => search(parts, request),
    },
    {
      ...{ ...runs, method: 'GET', path: '/details/:app/:type/:id' },
      answer: (request) => details(parts, request),
    },
  ];
}

function viewApp({ name, createdAtMs, updatedAtMs }: Project): Record<string, unknown> {
  const id = projectNumber(name);
  return {
    id,
    name,
    projectId: id,
    sourceId: name,
    createdAt: createdAtMs,
    updatedAt: updatedAtMs,
    archived: false,
  };
}

async function write(
  parts: SecretParts,
  { world, body }: CliRequest,
  deed: 'add' | 'change',
): Promise<CliAnswer> {
  const { key, value } = (body ?? {}) as Record<string, unknown>;
  await writeSecret(parts, world, { key, secret: value }, deed);
  return nothing();
}

const keyBody = z.object({ key: z.string() });
/** Checked where secrets are written. */
const writeBody = z.object({ key: z.unknown(), value: z.unknown() });

const searchBody = z.object({
  query: z.object({
    loggingSystemType: z.string(),
    errorTypes: z.array(z.string()).nullish(),
    resultsOrder: z.string().nullish(),
    startTime: z.number().nullish(),
    endTime: z.number().nullish(),
  }),
  limit: z.int().min(1).nullish(),
  after: z.string().nullish(),
});

/** Newest first; oldest first for whom follows, with a cursor that goes on. */
async function search({ database }: SecretParts, request: CliRequest): Promise<CliAnswer> {
  const { query, limit, after } = readInput(searchBody, request.body, 'the request body');
  const functionIds = await functionsOfApp({ database }, request.world, request.params.app ?? '');
  // Other kinds of log are of things that aren't here.
  if (!query.loggingSystemType.startsWith('SERVERLESS')) return json({ results: [], paging: {} });
  const most = Math.min(MOST, limit ?? MOST);
  const isFollowed = query.resultsOrder === 'ASC';
  const found = isFollowed
    ? await listRunsAfter(database, request.world, {
        functionIds,
        after: typeof after === 'string' ? readCursor(after) : null,
        limit: most,
      })
    : await listLatestRuns(database, request.world, functionIds, most);
  const [portalId, last] = [await findPortalId(database, request.world), found.at(-1)];
  const next =
    isFollowed && last !== undefined ? { next: { after: cursorOf(logIdOf(last.id)), link: '' } } : {};
  return json({
    results: found
      .filter((run) => isWanted(run, query))
      .map((run) =>
        viewAppLog(run, { portalId, type: query.loggingSystemType, app: request.params.app ?? '' }),
      ),
    paging: next,
  });
}

function isWanted(
  run: LoggedRun,
  { errorTypes, startTime, endTime }: z.infer<typeof searchBody>['query'],
): boolean {
  const atMs = run.createdAt.getTime();
  if (atMs < (startTime ?? 0) || atMs > (endTime ?? Number.POSITIVE_INFINITY)) return false;
  return (errorTypes ?? []).length === 0 || run.status !== 'succeeded';
}

async function details({ database }: SecretParts, request: CliRequest): Promise<CliAnswer> {
  const { app = '', type = '', id = '' } = request.params;
  const functionIds = await functionsOfApp({ database }, request.world, app);
  const latest = await listLatestRuns(database, request.world, functionIds, MOST);
  const run = latest.find((one) => one.id === id || logIdOf(one.id) === id);
  if (run === undefined) return fail('not_found', { message: 'There is no such log.' });
  return json(viewAppLogDetails(run, { portalId: await findPortalId(database, request.world), type, app }));
}

/** Retired ones too: their logs are kept. */
async function functionsOfApp(
  { database }: Pick<SecretParts, 'database'>,
  world: World,
  app: string,
): Promise<string[]> {
  const project = (await listProjects(database, world)).find(
    ({ name }) => String(projectNumber(name)) === app,
  );
  if (project === undefined) return fail('not_found', { message: `There is no app ${app.slice(0, 50)}.` });
  const endpoints = await listEndpointsBelow(database, world, projectRoot(project.name));
  return endpoints.map(({ functionId }) => functionId);
}
