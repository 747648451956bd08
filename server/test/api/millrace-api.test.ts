// Millrace's own API as it is served: real HTTP, a real PostgreSQL. What it refuses, and in which words.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { z } from 'zod';
import { insertAccount } from '../../src/accounts/account-store.ts';
import { createAccountTurns } from '../../src/api/account-turns.ts';
import { functionEndpoints } from '../../src/api/function-endpoints.ts';
import { type ApiEndpoint, millraceApi } from '../../src/api/millrace-api.ts';
import { textParameter } from '../../src/api/query-parameters.ts';
import { runEndpoints } from '../../src/api/run-endpoints.ts';
import { systemClock } from '../../src/clock/clock.ts';
import { parseConfig } from '../../src/config/config.ts';
import { USUAL_SETTINGS } from '../../src/functions/function.ts';
import { insertFunction } from '../../src/functions/function-store.ts';
import { createHttpServer } from '../../src/http/open-http-server.ts';
import { newFunctionId, newRunId } from '../../src/ids/ids.ts';
import type { Run } from '../../src/runs/run.ts';
import { RunRecorder } from '../../src/runs/run-recorder.ts';
import { issueToken } from '../../src/tokens/issue-token.ts';
import { TokenDirectory } from '../../src/tokens/token-directory.ts';
import { openBundleCache } from '../../src/versions/bundle-cache.ts';
import { keepBundle } from '../../src/versions/bundle-store.ts';
import { openDeployment } from '../../src/versions/deployment.ts';
import { appendVersion, UNKNOWN_ORIGIN } from '../../src/versions/version-store.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { until } from '../until.ts';

const WORLD = { accountId: 'AA0001', mode: 'live' } as const;
const FUNCTION = newFunctionId();
/** Nothing of these runs is kept. */
const NO_KEYS = { seal: () => Promise.reject(new Error()), unseal: () => Promise.reject(new Error()) };

type Refusal = { code: string; message: string; field?: string; facts?: unknown; reference: string };

/** Of what reads much: how many are at it, at most and now; and what lets them go on. */
const reading = { now: 0, most: 0, ...Promise.withResolvers<void>() };

/** Says what it was asked. */
const PROBES: ApiEndpoint[] = [
  {
    ...{
      method: 'GET',
      path: '/probes',
      summary: 'x',
      permit: { resource: 'function_runs', method: 'read' },
    },
    ...{ query: { known: textParameter('x') }, response: z.unknown() },
    answer: async ({ query }) => query,
  },
  {
    ...{
      method: 'POST',
      path: '/probes',
      summary: 'x',
      permit: { resource: 'function_runs', method: 'read' },
    },
    ...{ status: 201, response: z.unknown() },
    answer: async () => ({ id: 'a b' }),
  },
  {
    ...{ method: 'GET', path: '/long-probes', summary: 'x', readsMuch: true, response: z.unknown() },
    permit: { resource: 'function_runs', method: 'read' },
    answer: async () => {
      reading.now += 1;
      reading.most = Math.max(reading.most, reading.now);
      await reading.promise;
      reading.now -= 1;
    },
  },
];

describe("Millrace's own API", () => {
  let database: TestDatabase;
  let http: FastifyInstance;
  let recorder: RunRecorder;
  let origin: string;
  let token: string;

  before(async () => {
    database = await openTestDatabase();
    const log = pino({ level: 'silent' });
    const { limits } = parseConfig({}, { workingDir: '/nowhere', totalMemoryMb: 1000, cores: 2 });
    await insertAccount(database, { id: 'AA0001', alias: 'a', sealedKey: randomBytes(1) });
    const issued = await issueToken(database, {
      ...{ ...WORLD, kind: 'secret', userId: null, comments: null, expiresAt: null, twinOf: null },
      permissions: [{ resource: '*', methods: ['*'], allow: true }],
    });
    token = issued.clear;
    await makeFunction();
    const tokens = new TokenDirectory({ sql: database, clock: systemClock, onError: () => {} });
    const bundles = openBundleCache({ sql: database, dataDir: '/nowhere', limits, bootId: 'x', log });
    const deployment = openDeployment({ database, bundles, onChanged: () => {} });
    recorder = new RunRecorder({ database, node: () => 'node', log, keys: NO_KEYS });
    const endpoints = [
      ...runEndpoints({ sql: database, recorder }),
      ...functionEndpoints({ sql: database, deployment, removers: {}, limits }),
      ...PROBES,
    ];
    http = createHttpServer({ log, bodyLimitBytes: 100_000 });
    await http.register(
      millraceApi({
        ...{ tokens, log, endpoints, open: [], payloadLimitOf: () => null, publicUrl: 'http://localhost' },
        signedIn: async () => null,
        exclusively: (_name, work) => work(),
        once: (_endpoint, _request, work) => work(),
        marker: async () => (text) => text,
        readingTurns: createAccountTurns({ atOnce: 2, what: 'long readings' }),
        uploads: { gate: { during: (_upload, work) => work() }, limitBytes: 1_000 },
      }),
      {
        prefix: '/millrace/v1',
      },
    );
    origin = await http.listen({ port: 0, host: '127.0.0.1' });
  });
  after(async () => {
    await http?.close();
    await database?.close();
  });

  test('what may read much is read two at a time, and the rest beside it', async () => {
    const asked = Array.from({ length: 5 }, () => call('GET', '/long-probes'));
    await until('two are read', () => reading.now === 2);
    assert.equal((await call('GET', '/probes')).status, 200);
    reading.resolve();
    for (const { status } of await Promise.all(asked)) assert.equal(status, 200);
    assert.equal(reading.most, 2);
  });

  test('what an endpoint does not declare of the query does not reach it', async () => {
    const { status, body } = await call('GET', '/probes?known=1&unknown=2&limit=3&__proto__=4');
    assert.deepEqual([status, body], [200, { known: '1' }]);
  });

  test('what was created is found where Location says', async () => {
    const { status, location } = await call('POST', '/probes', '{}');
    assert.deepEqual([status, location], [201, 'http://localhost/millrace/v1/probes/a%20b']);
  });

  function makeFunction(): Promise<void> {
    return database.transaction(async (sql) => {
      await keepBundle(sql, { hash: 'a'.repeat(64), zip: Buffer.alloc(1), unpackedBytes: 1 });
      await insertFunction(sql, {
        ...{ ...WORLD, id: FUNCTION, dialect: 'any', name: 'a function', description: null, enabled: true },
        ...{ timeoutMs: 1000, memoryMb: 128, reuse: 'warm', concurrency: 1, sealedVariables: null },
        ...USUAL_SETTINGS,
      });
      const built = { bundleHash: 'a'.repeat(64), filename: 'a.zip', sizeBytes: 1 };
      const owner = { functionId: FUNCTION, accountId: WORLD.accountId };
      await appendVersion(sql, owner, {
        ...built,
        handler: 'index.handler',
        runtime: 'nodejs20.x',
        convention: 'lambda',
        layerHash: null,
        dependencies: {},
        ...UNKNOWN_ORIGIN,
      });
    });
  }

  async function call(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
    const answer = await fetch(`${origin}/millrace/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    const parsed = (text === '' ? {} : JSON.parse(text)) as { error: Refusal; data: { id: string }[] };
    const { headers: sent } = answer;
    return { status: answer.status, allow: sent.get('allow'), location: sent.get('location'), body: parsed };
  }
  const patch = (body: unknown) => call('PATCH', `/functions/${FUNCTION}`, JSON.stringify(body));

  function newRun(functionId: string): Run {
    const now = Date.now();
    return {
      ...{ ...WORLD, id: newRunId(now), functionId, version: 1, trigger: 'http', cause: {}, attempts: 1 },
      ...{ status: 'succeeded', memoryMb: 256, createdAtMs: now, startedAtMs: now, endedAtMs: now },
      ...{ durationMs: 1, initMs: null, memoryPeakBytes: null, error: null, engine: null },
      responseStatus: 200,
    };
  }

  for (const [body, message, field] of [
    [undefined, 'the request body: is required', undefined],
    [[], 'the request body: must be an object', undefined],
    [{ turbo: 1 }, 'the request body: must not have "turbo": there is no such field here', 'turbo'],
    [{ concurrency: 0 }, 'concurrency: must be a whole number from 1 to 100', 'concurrency'],
    [{ concurrency: 101 }, 'concurrency: must be a whole number from 1 to 100', 'concurrency'],
    [
      { concurrency: 2, reuse: 'none' },
      'concurrency: can only be 1 where reuse is none: there every run has a process of its own',
      'concurrency',
    ],
    [{ timeout_ms: 1 }, 'timeout_ms: must be a whole number from 100 to 900000', 'timeout_ms'],
    [{ memory_mb: '256' }, 'memory_mb: must be a whole number from 64 to 3008', 'memory_mb'],
    [{ name: 7 }, 'name: must be text', 'name'],
    [{ name: ' ' }, 'name: must not be empty', 'name'],
    [{ name: 'x'.repeat(251) }, 'name: must have at most 250 characters', 'name'],
    [{ name: 'a\nb' }, 'name: must not contain control characters', 'name'],
    [{ reuse: 'cold' }, 'reuse: must be warm or none', 'reuse'],
  ] as const) {
    test(`refuses ${(JSON.stringify(body) ?? 'nothing').slice(0, 40)} with "${message}"`, async () => {
      const answer = await patch(body);
      assert.deepEqual(
        [answer.status, answer.body.error.code, answer.body.error.message, answer.body.error.field],
        [400, 'invalid_input', message, field],
      );
    });
  }

  test('says what is wrong with a body that would reach a prototype', async () => {
    const answer = await call('PATCH', `/functions/${FUNCTION}`, '{"__proto__":{"enabled":false}}');
    assert.deepEqual([answer.status, answer.body.error.field], [400, '__proto__']);
    assert.match(answer.body.error.message, /must not have a field named __proto__/);
  });

  test('takes a name of 250 characters', async () => {
    assert.equal((await patch({ name: 'x'.repeat(250) })).status, 200);
  });

  test('has 405 with the methods for a known address, 404 for an unknown one', async () => {
    for (const [path, allow] of [
      ['/runs', 'GET, OPTIONS'],
      [`/functions/${FUNCTION}`, 'DELETE, GET, PATCH, OPTIONS'],
      ['/openapi.json', 'GET, OPTIONS'],
    ] as const) {
      for (const method of ['PUT', 'PROPFIND', 'HEAD']) {
        const answer = await call(method, path);
        assert.deepEqual([answer.status, answer.allow], [405, allow], `${method} ${path}`);
      }
      const options = await call('OPTIONS', path);
      assert.deepEqual([options.status, options.allow], [204, allow]);
    }
    assert.equal((await call('DELETE', '/nothing')).status, 404);
  });

  test('has no runs of a function that never was', async () => {
    for (const id of ['nope', 'a%00b', 'x'.repeat(100), '%F0%9F%98%80']) {
      const answer = await call('GET', `/functions/${id}/runs`);
      assert.deepEqual([answer.status, answer.body.error.code], [404, 'not_found'], id);
    }
  });

  test('lists no runs of a function that never ran, and the runs of one that is gone', async () => {
    const never = await call('GET', `/functions/${FUNCTION}/runs`);
    assert.deepEqual([never.status, never.body.data], [200, []]);
    const gone = newFunctionId();
    const run = newRun(gone);
    recorder.finish(run, null);
    const list = await call('GET', `/functions/${gone}/runs`);
    assert.deepEqual([list.status, list.body.data.map(({ id }) => id)], [200, [run.id]]);
    const behind = await call('GET', `/functions/${gone}/runs?after=${run.id}`);
    assert.deepEqual([behind.status, behind.body.data], [200, []]);
  });
});
