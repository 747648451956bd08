// The hosted_functions resource as it is served, for the tests beside this: real HTTP, a real PostgreSQL and
// a real disk, and requests in the very bytes that were recorded from the console (specs/comecero.md 2.3).
// Importing it opens it.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { NO_DOTNETS } from '../../../contract/dotnets.ts';
import { NO_JAVAS } from '../../../contract/javas.ts';
import type { Mode } from '../../src/accounts/account.ts';
import { findSealedKey, insertAccount } from '../../src/accounts/account-store.ts';
import { systemClock } from '../../src/clock/clock.ts';
import { comeceroApi } from '../../src/dialects/comecero/comecero-api.ts';
import { hostedFunctionEndpoints } from '../../src/dialects/comecero/hosted-functions.ts';
import { openDotnetInstaller } from '../../src/engines/dotnet-installer.ts';
import { openEngineInstaller } from '../../src/engines/engine-installer.ts';
import { openEngines } from '../../src/engines/engines.ts';
import { openJavaInstaller } from '../../src/engines/java-installer.ts';
import { AccountKeys, makeSealedKey } from '../../src/environment/account-keys.ts';
import { openVariables } from '../../src/environment/sealed-variables.ts';
import { type FunctionDirectory, openFunctionDirectory } from '../../src/functions/function-directory.ts';
import { createHttpServer } from '../../src/http/open-http-server.ts';
import { UploadGate } from '../../src/limits/upload-gate.ts';
import { issueToken } from '../../src/tokens/issue-token.ts';
import type { PermissionEntry } from '../../src/tokens/permissions.ts';
import { TokenDirectory } from '../../src/tokens/token-directory.ts';
import { openBundleCache } from '../../src/versions/bundle-cache.ts';
import { openDeployment } from '../../src/versions/deployment.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { buildZip } from '../versions/build-zip.ts';

export const PUBLIC_URL = 'https://functions.example.com';
export const LIMITS = {
  ...{
    uploadBytes: 20_000,
    unpackedBytes: 100_000,
    unpackedEntries: 50,
    bundleCacheMb: 100,
  },
  ...{ variablesBytes: 4096, timeoutMs: 30_000, memoryMb: 256 },
};
export const ALL: PermissionEntry[] = [{ resource: '*', methods: ['*'], allow: true }];
export const CODE = buildZip([{ name: 'index.js', content: 'exports.handler = 1;' }]);
export const OTHER_CODE = buildZip([{ name: 'index.js', content: 'exports.handler = 2;' }]);
export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

export let database: TestDatabase;
export let http: FastifyInstance;
export let origin: string;
export let dataDir: string;
export let functions: FunctionDirectory;
export let admin: string;
export let stranger: string;
/** Emits the code of every failure as it is logged. */
export const logged = new EventEmitter();

before(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-hosted-'));
  database = await openTestDatabase();
  const log = pino(
    {},
    { write: (line) => logged.emit((JSON.parse(line) as { code?: string }).code ?? 'line') },
  );
  const masterKey = randomBytes(32);
  for (const id of ['AA0001', 'BB0002']) {
    await insertAccount(database, { id, alias: id, sealedKey: makeSealedKey(masterKey, id) });
  }
  const keys = new AccountKeys(masterKey, (id) => findSealedKey(database, id));
  functions = openFunctionDirectory({
    sql: database,
    openVariables: async (fn) => ({
      variables: await openVariables(
        keys,
        { accountId: fn.accountId, functionId: fn.id },
        fn.sealedVariables,
      ),
      secretNames: fn.secretNames,
    }),
    capacity: 100,
  });
  const bundles = openBundleCache({ sql: database, dataDir, limits: LIMITS, bootId: 'this boot', log });
  await bundles.sweep();
  const deployment = openDeployment({ database, bundles, onChanged: functions.forget });
  // No npm on this installer's way: what it says about engines is all that is asked here.
  const installer = openEngineInstaller({ enginesDir: path.join(dataDir, 'engines'), log });
  await installer.close();
  const pythons = [
    { version: '3.9', exact: '3.9.18' },
    { version: '3.11', exact: '3.11.2' },
  ];
  const [javas, dotnets] = [NO_JAVAS, NO_DOTNETS];
  const dotnetInstaller = openDotnetInstaller({ enginesDir: path.join(dataDir, 'engines'), dotnets, log });
  const javaInstaller = openJavaInstaller({ enginesDir: path.join(dataDir, 'engines'), javas, log });
  const engines = openEngines({ installer, pythons, javas, javaInstaller, dotnets, dotnetInstaller });
  const tokens = new TokenDirectory({ sql: database, clock: systemClock, onError: () => {} });
  const parts = {
    // No test here has packages.
    builder: { requestBuild: () => Promise.reject(new Error('no builds here')) },
    ...{ sql: database, deployment, keys, engines, publicUrl: PUBLIC_URL, limits: LIMITS, log },
    pythonPackages: '*' as const,
    uploadGate: new UploadGate({ capacityBytes: 1_000_000, waitMs: 30_000 }),
  };
  http = createHttpServer({ log, bodyLimitBytes: 1_000_000 });
  await http.register(
    comeceroApi({
      tokens,
      publicUrl: PUBLIC_URL,
      log,
      endpoints: hostedFunctionEndpoints(parts),
      timeZoneOf: async () => 'UTC',
    }),
    { prefix: '/api/v1' },
  );
  origin = await http.listen({ port: 0, host: '127.0.0.1' });
  admin = await tokenFor('AA0001', ALL);
  stranger = await tokenFor('BB0002', ALL);
});

after(async () => {
  await http?.close();
  await database?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

afterEach(async () => {
  for (const table of ['functions', 'bundles']) await database.query(`delete from ${table}`);
});

export async function tokenFor(
  accountId: string,
  permissions: PermissionEntry[],
  mode: Mode = 'live',
): Promise<string> {
  const wanted = { accountId, mode, permissions, kind: 'secret' as const };
  const issued = await issueToken(database, {
    ...wanted,
    userId: null,
    comments: null,
    expiresAt: null,
    twinOf: null,
  });
  return issued.clear;
}

export type Answer = { status: number; type: string | null; body: Record<string, unknown> };

export async function call(
  method: string,
  url: string,
  body?: string | FormData | Buffer,
  options: Options = {},
): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${options.token ?? admin}`,
    accept: 'application/json',
    'x-requested-with': 'XMLHttpRequest',
    'cache-control': 'no-cache',
    ...options.headers,
  };
  const sent = body instanceof Buffer ? new Uint8Array(body) : body;
  const response = await fetch(`${origin}/api/v1${url}`, {
    method,
    headers,
    ...(sent ? { body: sent } : {}),
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}
export type Options = { token?: string; headers?: Record<string, string> };

/**
 * The console's own bytes: browser's boundary, parts in the form's order, file last under the name
 * `undefined`.
 */
const BOUNDARY = '----WebKitFormBoundaryAAAAAAAAAAAAAAAA';
export const RAW = { headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` } };

export function rawBody(
  fields: [string, string][],
  files: { field?: string; filename?: string; zip: Buffer }[] = [],
): Buffer {
  const chunks: (string | Buffer)[] = [];
  for (const [name, value] of fields) {
    chunks.push(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  }
  for (const { field = 'undefined', filename = 'code.zip', zip } of files) {
    const head = `Content-Disposition: form-data; name="${field}"; filename="${filename}"`;
    chunks.push(
      `--${BOUNDARY}\r\n${head}\r\nContent-Type: application/x-zip-compressed\r\n\r\n`,
      zip,
      '\r\n',
    );
  }
  chunks.push(`--${BOUNDARY}--\r\n`);
  return Buffer.concat(chunks.map((chunk) => Buffer.from(chunk)));
}

export const FIELDS: [string, string][] = [
  ['name', 'Subscribe'],
  ['handler', 'index.handler'],
  ['environment', 'nodejs8.10'],
  ['null', ''],
  ['variable-name', 'API_KEY'],
  ['variable-value', 'secret'],
  ['null', ''],
  ['null', ''],
  ['environment_variables', '{"API_KEY":"secret"}'],
  ['description', 'Adds customers\r\nto a list'],
];

export function withField(name: string, value: string | null): [string, string][] {
  const others = FIELDS.filter(([field]) => field !== name);
  return value === null ? others : [...others, [name, value]];
}

export async function create(fields = FIELDS, zip = CODE, options: Options = {}): Promise<Answer> {
  return call('POST', '/hosted_functions?timezone=UTC', rawBody(fields, [{ zip }]), { ...RAW, ...options });
}

export async function createNamed(
  name: string,
  options: Options & { filename?: string } = {},
): Promise<string> {
  const body = rawBody(withField('name', name), [{ zip: CODE, filename: options.filename ?? 'code.zip' }]);
  const answer = await call('POST', '/hosted_functions', body, { ...RAW, ...options });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body.hosted_function_id as string;
}

/** What is left of functions in the database and on disk. */
export async function remains(): Promise<{
  functions: number;
  versions: number;
  bundles: number;
  folders: string[];
}> {
  const count = async (table: string): Promise<number> =>
    (await database.query<{ n: number }>(`select count(*) as n from ${table}`))[0]?.n ?? -1;
  return {
    functions: await count('functions'),
    versions: await count('versions'),
    bundles: await count('bundles'),
    folders: readdirSync(path.join(dataDir, 'bundles')).filter((name) => name !== '.boot' && !KEPT.has(name)),
  };
}
/** Folders of code that other tests uploaded: they stay until a start. */
const KEPT = new Set([sha256(CODE), sha256(OTHER_CODE)]);
export const NOTHING = { functions: 0, versions: 0, bundles: 0, folders: [] };

export function assertRefused(answer: Answer, status: number, code: string, message: RegExp): void {
  const { error } = answer.body as { error: Record<string, unknown> };
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.equal(error.status, status);
  assert.equal(error.code, code);
  assert.match(String(error.message), message);
  assert.match(String(error.reference), /^[0-9A-Za-z]{7}$/);
}

export const JSON_BODY = { headers: { 'content-type': 'application/json' } };
