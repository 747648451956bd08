// Moving house: POST /millrace/v1/import/hubspot takes a zip of a theme, a folder or a project, keeps every
// `.functions` folder in it as an upload by HubSpot's CLI would, and says what they use and what will differ.
// All of it or nothing; with `?dry_run=true` nothing and the report.
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { World } from '../../../accounts/account.ts';
import type { Limits } from '../../../config/limits.ts';
import { Failure, fail } from '../../../errors/failure.ts';
import { answerFailures } from '../../../http/answer-failures.ts';
import { renderPlainFailure } from '../../../http/failure-renderer.ts';
import { watchAddresses } from '../../../http/known-addresses.ts';
import { isStorableText } from '../../../http/read-input.ts';
import type { UploadGate } from '../../../limits/upload-gate.ts';
import type { Database } from '../../../postgres/database.ts';
import type { Threads } from '../../../threads/thread-pool.ts';
import { admitCallers, type CallerFrame, callerIn } from '../../../tokens/admit-callers.ts';
import { bearerToken, type Tokens } from '../../../tokens/bearer.ts';
import { findHolders } from '../catalog/endpoint-path-store.ts';
import { readOwnPath } from '../catalog/file-path.ts';
import { rivalsOf, rivalsWithin, rivalWords } from '../catalog/path-rivals.ts';
import { findPortalId } from '../catalog/portal-store.ts';
import { listSecretNames } from '../catalog/secret-store.ts';
import { type FileLimits, keepFile } from '../files/keep-file.ts';
import type { FolderBuilds } from '../folders/folder-builds.ts';
import { DIALECT } from '../folders/folder-deployer.ts';
import { FileRefusal } from '../frame/cli-envelope.ts';
import { wrongKeyWords } from '../frame/foreign-key.ts';
import type { FolderReport, Mention } from '../projects/moving-report.ts';
import type { SourceFile } from '../projects/project-functions.ts';
import { type ImportReading, readImportZip } from '../projects/read-zip-in-thread.ts';
import { folderProgress, type ProgressParts, probeEndpoint } from './import-progress.ts';
import { type CliVariables, cliVariables, routingSnippets, type Snippets } from './moving-snippets.ts';

export type ImportParts = {
  database: Database;
  tokens: Tokens;
  /** Who calls by being signed in. */
  signedIn: CallerFrame['signedIn'];
  gate: UploadGate;
  threads: Threads;
  builds: Pick<FolderBuilds, 'begin'>;
  progress: ProgressParts;
  limits: FileLimits & Pick<Limits, 'uploadBytes' | 'unpackedBytes' | 'unpackedEntries'>;
  /** Without a trailing slash. */
  publicUrl: string;
  https: { tlsPort: number | null; hasOwnCertificate: boolean };
  log: Logger;
};

export type ImportReport = {
  dry_run: boolean;
  folders: (FolderReport & { urls: EndpointUrl[]; build: StartedBuild | null })[];
  /** Named by functions, and without a value here. */
  secrets_missing: string[];
  remarks: string[];
  mentions: Mention[];
  routing: Snippets;
  /** For HubSpot's CLI; null: it has no way here. */
  cli_variables: CliVariables | null;
};

/** Of a folder's packages; null where it asks for none. `error`: it could not be started. */
type StartedBuild = { id: number | null; error: string | null };

type EndpointUrl = { path: string; methods: string[]; old_url: string; new_url: string };

const READ = { resource: 'hosted_functions', method: 'read' } as const;
const PERMIT = { resource: 'hosted_functions', method: 'update' } as const;
const ZIP_TYPES = ['application/zip', 'application/x-zip-compressed', 'application/octet-stream'];

/** @returns a plugin to be registered with `{ prefix: '/millrace/v1/import' }` */
export function hubspotImport(parts: ImportParts): FastifyPluginAsync {
  return async (scope) => {
    answerFailures(scope, parts.log, renderPlainFailure);
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(ZIP_TYPES, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    const addresses = watchAddresses(scope);
    const admit = admitCallers(scope, {
      tokens: parts.tokens,
      ...(parts.signedIn === undefined ? {} : { signedIn: parts.signedIn }),
      dialect: DIALECT,
      tokenOf: ({ headers }) => bearerToken(headers.authorization),
      missing: 'a token is needed: "Authorization: Bearer <token>"',
      wrong: wrongKeyWords,
    });
    scope.route({
      method: 'GET',
      url: '/hubspot/folder',
      config: { permit: READ },
      exposeHeadRoute: false,
      ...admit(READ),
      handler: (request) => {
        const { folder } = readNames(request.query, ['folder']);
        return folderProgress(parts.progress, worldIn(request), folder);
      },
    });
    scope.route({
      method: 'POST',
      url: '/hubspot/probe',
      config: { permit: PERMIT },
      exposeHeadRoute: false,
      ...admit(PERMIT),
      handler: (request) => {
        const wanted = readNames(request.query, ['folder', 'path']);
        return probeEndpoint(parts.progress, worldIn(request), wanted);
      },
    });
    scope.route({
      method: 'POST',
      url: '/hubspot',
      config: { permit: PERMIT },
      exposeHeadRoute: false,
      bodyLimit: parts.limits.uploadBytes,
      ...admit(PERMIT),
      handler: (request) => {
        const world = worldIn(request);
        const zip = request.body as Buffer | undefined;
        if (zip === undefined)
          fail('invalid_input', { message: 'send the zip as the request body, type application/zip' });
        const work = () => importZip(parts, world, { zip, ...readQuery(request.query) });
        return parts.gate.during({ accountId: world.accountId, bytes: zip.length }, work);
      },
    });
    addresses.refuseOtherMethods();
  };
}

function worldIn(request: FastifyRequest): World {
  const { accountId, mode } = callerIn(request);
  return { accountId, mode };
}

/** Every one of them is needed. */
function readNames<Name extends string>(query: unknown, names: readonly Name[]): Record<Name, string> {
  const given = query as Record<string, unknown>;
  const read = names.map((name) => {
    const value = given[name];
    if (typeof value === 'string' && value !== '' && isStorableText(value)) return [name, value];
    return fail('invalid_input', { message: `${name} is needed: ?${name}=`, field: name });
  });
  return Object.fromEntries(read) as Record<Name, string>;
}

type ImportQuery = { dest: string; isDryRun: boolean };

function readQuery(query: unknown): ImportQuery {
  const { dest = '', dry_run = 'false' } = query as { dest?: unknown; dry_run?: unknown };
  if (dry_run !== 'true' && dry_run !== 'false') {
    fail('invalid_input', { message: 'dry_run must be true or false', field: 'dry_run' });
  }
  return { dest: readOwnPath(String(dest)), isDryRun: dry_run === 'true' };
}

async function importZip(
  parts: ImportParts,
  world: World,
  { zip, dest, isDryRun }: ImportQuery & { zip: Buffer },
): Promise<ImportReport> {
  const { unpackedBytes, unpackedEntries, fileBytes } = parts.limits;
  const limits = { unpackedBytes, unpackedEntries, fileBytes };
  const reading = await readImportZip(parts.threads, world.accountId, { zip, dest, limits, isDryRun });
  if (!isDryRun) await keepAll(parts, world, reading.files);
  const started = isDryRun ? new Map() : await startBuilds(parts, world, reading.reports);
  return report(parts, world, { ...reading, isDryRun, started });
}

/** In one transaction: what is wrong with one file leaves everything as it was. */
async function keepAll(
  { database, limits }: ImportParts,
  world: World,
  files: readonly SourceFile[],
): Promise<void> {
  for (const { path, content } of files) {
    if (content.length <= limits.fileBytes) continue;
    fail('payload_too_large', {
      message: `${path} has ${content.length} bytes, a file may have ${limits.fileBytes}`,
      facts: { limitBytes: limits.fileBytes },
    });
  }
  await database.transaction(async (sql) => {
    for (const file of files) await keepFile(sql, world, file, limits).catch(showLines);
  });
}

/** What a package.json asks for is installed at once: code that loads it answers nothing before. */
async function startBuilds(
  { builds }: ImportParts,
  world: World,
  reports: readonly FolderReport[],
): Promise<Map<string, StartedBuild>> {
  const started = new Map<string, StartedBuild>();
  for (const { folder, packages } of reports) {
    if (packages.declared.length === 0) continue;
    try {
      started.set(folder, { id: await builds.begin(world, folder), error: null });
    } catch (error) {
      if (!(error instanceof Failure) || error.kind.fault === 'platform') throw error;
      started.set(folder, { id: null, error: error.message });
    }
  }
  return started;
}

/** This API's envelope has no place for a list of lines. */
function showLines(error: unknown): never {
  if (!(error instanceof FileRefusal)) throw error;
  const lines = error.problems.map(({ message, line }) =>
    line === null ? message : `line ${line}: ${message}`,
  );
  return fail('invalid_input', { message: [error.message, ...lines].join(' '), cause: error });
}

type Found = Omit<ImportReading, 'files'> & { isDryRun: boolean; started: Map<string, StartedBuild> };

async function report(parts: ImportParts, world: World, found: Found): Promise<ImportReport> {
  const { database, publicUrl } = parts;
  const { reports } = found;
  const [portalId, secrets, holders] = await Promise.all([
    findPortalId(database, world),
    listSecretNames(database, world),
    findHolders(
      database,
      world,
      reports.flatMap(({ endpoints }) => endpoints),
    ),
  ]);
  const within = rivalsWithin(reports);
  for (const { folder, endpoints, problems } of reports) {
    const rivals = rivalsOf(endpoints, holders, (holder) => holder === folder);
    rivals.push(...within.filter((rival) => rival.folder === folder));
    problems.push(...new Set(rivals.map((rival) => rivalWords(rival, folder))));
  }
  const known = new Set(secrets);
  const named = [...new Set(reports.flatMap(({ secrets: names }) => names))];
  return {
    dry_run: found.isDryRun,
    folders: reports.map((one) => ({
      ...one,
      urls: urlsOf(one, publicUrl),
      build: found.started.get(one.folder) ?? null,
    })),
    secrets_missing: named.filter((name) => !known.has(name)).sort(),
    remarks: found.remarks,
    mentions: found.mentions,
    routing: routingSnippets(publicUrl, portalId ?? 0),
    cli_variables: cliVariables(publicUrl, { ...parts.https, account: portalId ?? 0 }),
  };
}

function urlsOf({ endpoints }: FolderReport, publicUrl: string): EndpointUrl[] {
  return endpoints.map(({ path, methods }) => {
    const below = `/_hcms/api/${path.split('/').map(encodeURIComponent).join('/')}`;
    return { path, methods, old_url: `https://<your site>${below}`, new_url: `${publicUrl}${below}` };
  });
}
