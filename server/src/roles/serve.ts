// Composes the server: database, accounts, tokens, functions, sandboxes, runs, and the doors to them. Runs as an ordinary
// user. Everything long-lived is built here, in the order in which it is needed, and ended in the opposite one.
import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { findSealedKey } from '../accounts/account-store.ts';
import { ensureFirstAccount } from '../accounts/first-account.ts';
import { functionEndpoints } from '../api/function-endpoints.ts';
import { millraceApi } from '../api/millrace-api.ts';
import { platformEndpoints } from '../api/platform-endpoints.ts';
import { runEndpoints } from '../api/run-endpoints.ts';
import { systemClock } from '../clock/clock.ts';
import type { Config } from '../config/config.ts';
import { installationName } from '../config/paths.ts';
import { type EngineInstaller, openEngineInstaller } from '../engines/engine-installer.ts';
import { AccountKeys, makeSealedKey } from '../environment/account-keys.ts';
import { openMasterKey } from '../environment/master-key.ts';
import { openVariables } from '../environment/sealed-variables.ts';
import { type FunctionDirectory, openFunctionDirectory } from '../functions/function-directory.ts';
import { CHANGE_CHANNEL } from '../functions/function-store.ts';
import { functionInvoker, type InvokeFunction } from '../gateway/invoke-function.ts';
import { answerHealth } from '../http/answer-health.ts';
import { makeHttpServer } from '../http/open-http-server.ts';
import { newRunId } from '../ids/ids.ts';
import { Admission } from '../limits/admission.ts';
import type { Database } from '../postgres/database.ts';
import { openListener } from '../postgres/listener.ts';
import { runExecutor } from '../runs/execute-run.ts';
import { RunRecorder } from '../runs/run-recorder.ts';
import { closeAbandonedRuns } from '../runs/run-store.ts';
import { startRunSweeper } from '../runs/run-sweeper.ts';
import type { SandboxDriver } from '../sandbox/sandbox-driver.ts';
import { SandboxPool } from '../sandbox/sandbox-pool.ts';
import { targetMaker } from '../sandbox/sandbox-starter.ts';
import { functionArn } from '../sandbox/start-payload.ts';
import { issueFirstToken } from '../tokens/issue-token.ts';
import { TokenDirectory } from '../tokens/token-directory.ts';
import { type BundleCache, openBundleCache, readBootId } from '../versions/bundle-cache.ts';
import { startBundleTidier } from '../versions/bundle-tidier.ts';
import { type Deployment, openDeployment } from '../versions/deployment.ts';
import { keepMounted } from '../versions/mounted-bundles.ts';
import { explain } from './explain.ts';
import { greet, showFirstToken, warningsOf } from './greeting.ts';
import { COMECERO_ENVELOPES, mountComecero } from './mount-comecero.ts';
import { openDriver } from './open-driver.ts';
import { openLog } from './open-log.ts';
import { openStore } from './open-store.ts';
import type { Running } from './run-until-stopped.ts';

/** Functions kept ready in memory. */
const DIRECTORY_CAPACITY = 20_000;
const POOL_TICK_MS = 1_000;

/** What ends a part again; run in the opposite order of their making. */
type Endings = { push(end: () => Promise<unknown>): void };

/** @returns how to end it: calls in hand are answered, everything recorded, the database stopped */
export async function serve(config: Config, stopping: AbortSignal): Promise<Running> {
  const log = openLog(config);
  const endings: (() => Promise<unknown>)[] = [];
  // Whatever one part's end meets, the others are ended too.
  const close = async (): Promise<void> => {
    for (let end = endings.pop(); end !== undefined; end = endings.pop()) {
      await end().catch((error: unknown) =>
        log.error({ err: error }, 'a part of the server did not end well'),
      );
    }
  };
  try {
    return { close, ...(await compose(config, { log, endings, stopping })) };
  } catch (error) {
    await close();
    throw error;
  }
}

type Life = { log: Logger; endings: Endings; stopping: AbortSignal };

/** `broken` resolves with the reason when the server can't go on. */
async function compose(config: Config, life: Life): Promise<{ broken: Promise<string> }> {
  const { log, endings, stopping } = life;
  const { url, database, broken } = await openStore(config, log, endings);
  const masterKey = openMasterKey(config.masterKey, config.dataDir);
  const first = await ensureFirstAccount(database, {
    makeSealedKey: (accountId) => makeSealedKey(masterKey, accountId),
    issueToken: (sql, owner) => issueFirstToken(sql, owner, config.adminToken),
  });
  const keys = new AccountKeys(masterKey, (accountId) => findSealedKey(database, accountId));
  showFirstToken(config, first);
  await explain('MILLRACE_MASTER_KEY is not the key that this database was sealed with', () =>
    keys.check(first.account.id),
  );

  const engines = openEngineInstaller({ enginesDir: config.enginesDir, log });
  endings.push(() => engines.close());
  const bundles = openBundleCache({
    sql: database,
    dataDir: config.dataDir,
    limits: config.limits,
    bootId: await readBootId(),
    log,
  });
  await bundles.sweep();
  const node = `${hostname()}/${config.installation ?? installationName(config.dataDir)}`;
  const abandoned = await closeAbandonedRuns(database, node);
  if (abandoned > 0)
    log.warn({ runs: abandoned }, 'runs that a former life left going were closed as crashed');

  const functions = openFunctionDirectory({
    sql: database,
    openVariables: (fn) =>
      openVariables(keys, { accountId: fn.accountId, functionId: fn.id }, fn.sealedVariables),
    capacity: DIRECTORY_CAPACITY,
  });
  const walls = await openDriver(config, log, stopping);
  // Code stays on disk for as long as a sandbox has it mounted.
  const driver: SandboxDriver = {
    name: walls.name,
    start: keepMounted(walls, bundles),
    close: () => walls.close(),
  };
  endings.push(() => driver.close());
  const pool = startPool(config, endings);
  await followChanges({ url, functions, pool, log, endings });
  const recorder = new RunRecorder(database, node, log);
  endings.push(() => recorder.flush());
  const tidier = startBundleTidier({ bundles, log });
  endings.push(() => tidier.stop());
  const sweeper = startRunSweeper({ sql: database, retentionDays: config.limits.runRetentionDays, log });
  endings.push(() => sweeper.stop());

  const admission = new Admission(config.limits.runsPerAccount);
  const invoke = functionInvoker({
    functions,
    admission,
    execute: executor({ config, driver, pool, recorder, engines, bundles }),
  });
  const deployment = openDeployment({ database, bundles, onChanged: (id) => functions.forget(id) });
  const http = await openDoors({
    config,
    log,
    database,
    keys,
    engines,
    driver,
    pool,
    deployment,
    invoke,
    recorder,
    endings,
  });
  await greet({ config, http, accountId: first.account.id, driver, log });
  return { broken };
}

function startPool(config: Config, endings: Endings): SandboxPool {
  const pool = new SandboxPool(config.limits, systemClock);
  const timer = setInterval(() => pool.tick(), POOL_TICK_MS);
  endings.push(() => {
    clearInterval(timer);
    return pool.close();
  });
  return pool;
}

type Followers = {
  url: string;
  functions: FunctionDirectory;
  pool: SandboxPool;
  log: Logger;
  endings: Endings;
};

/** Hears of changes to functions, made here or on another node. */
async function followChanges({ url, functions, pool, log, endings }: Followers): Promise<void> {
  const changed = (id: string): void => {
    functions.forget(id);
    // A changed function's sandboxes give way when its next revision is called; a deleted one's would wait for age.
    functions.find(id).then(
      (fn) => fn === null && pool.retire(id),
      (error: unknown) => log.warn({ err: error }, 'a changed function could not be read'),
    );
  };
  const listening = { channels: { [CHANGE_CHANNEL]: changed }, onMissed: () => functions.forgetAll() };
  const listener = await openListener(url, listening, log);
  endings.push(() => listener.close());
}

type ExecutorParts = {
  config: Config;
  driver: SandboxDriver;
  pool: SandboxPool;
  recorder: RunRecorder;
  engines: EngineInstaller;
  bundles: BundleCache;
};

function executor({ config, driver, pool, recorder, engines, bundles }: ExecutorParts) {
  return runExecutor({
    pool,
    recorder,
    targetOf: targetMaker({
      driver,
      ensureEngine: (major) => engines.ensure(major),
      ensureBundle: (hash) => bundles.ensure(hash),
      limits: config.limits,
      clock: systemClock,
      onLateLines: (fn, runId, log) => recorder.append({ accountId: fn.accountId, runId }, log),
    }),
    functionArn,
    newRunId,
    clock: systemClock,
  });
}

type DoorParts = {
  config: Config;
  log: Logger;
  database: Database;
  keys: AccountKeys;
  engines: EngineInstaller;
  driver: SandboxDriver;
  pool: SandboxPool;
  deployment: Deployment;
  invoke: InvokeFunction;
  recorder: RunRecorder;
  endings: Endings;
};

/** The public port: every dialect's surface and our own API. */
async function openDoors(parts: DoorParts): Promise<FastifyInstance> {
  const { config, log, database, engines, driver, pool, deployment, recorder, endings } = parts;
  const tokens = new TokenDirectory({
    sql: database,
    clock: systemClock,
    onError: (error) => log.warn({ err: error }, 'uses of tokens could not be written'),
  });
  endings.push(() => tokens.close());
  const http = makeHttpServer({
    log,
    bodyLimitBytes: config.limits.requestBytes,
    envelopes: COMECERO_ENVELOPES,
  });
  endings.push(() => http.close());
  answerHealth(http);
  await mountComecero(http, { ...parts, tokens });
  const endpoints = [
    ...runEndpoints({ sql: database, recorder }),
    ...functionEndpoints({ sql: database, deployment, limits: config.limits }),
    ...platformEndpoints({ sandbox: driver.name, warnings: warningsOf(driver), engines, pool }),
  ];
  const api = millraceApi({ tokens, log, endpoints, publicUrl: config.publicUrl });
  await http.register(api, { prefix: '/millrace/v1' });
  await explain('the server can not listen', () => http.listen({ port: config.port, host: config.host }));
  return http;
}
