// Composes the server: database, accounts, tokens, functions, sandboxes, runs, and the doors to them. Runs as an ordinary
// user. Everything long-lived is built here, in the order in which it is needed, and ended in the opposite one.
import type { Logger } from 'pino';
import { explain } from '../../../process/explain.ts';
import { openLog } from '../../../process/open-log.ts';
import type { Running } from '../../../process/run-until-stopped.ts';
import { writeUsualBounds } from '../accounts/account-bounds-store.ts';
import { buildEndpoints } from '../api/build-endpoints.ts';
import { functionEndpoints } from '../api/function-endpoints.ts';
import { millraceApi } from '../api/millrace-api.ts';
import { paymentEndpoints } from '../api/payment-endpoints.ts';
import { platformEndpoints } from '../api/platform-endpoints.ts';
import { runContentEndpoints } from '../api/run-content-endpoints.ts';
import { runEndpoints } from '../api/run-endpoints.ts';
import { runStartEndpoints } from '../api/run-start-endpoints.ts';
import { runtimeEndpoints } from '../api/runtime-endpoints.ts';
import { smtpProfileEndpoints } from '../api/smtp-profile-endpoints.ts';
import { systemClock } from '../clock/clock.ts';
import { usualBounds } from '../config/account-bounds.ts';
import type { Config } from '../config/config.ts';
import { describeDotnets } from '../engines/choose-dotnet.ts';
import { describeJavas } from '../engines/choose-java.ts';
import { openDotnetInstaller } from '../engines/dotnet-installer.ts';
import { openEngineInstaller } from '../engines/engine-installer.ts';
import { openEngines } from '../engines/engines.ts';
import { openJavaInstaller } from '../engines/java-installer.ts';
import { createFaultyDisabler } from '../events/disable-faulty.ts';
import { createOwnEventPublisher } from '../events/own-events.ts';
import { createRunEndPublisher } from '../events/publish-run-ends.ts';
import { createNearLimitReporter, createNearStandingLimitReporter } from '../events/report-near-limits.ts';
import { openFunctionDirectory } from '../functions/function-directory.ts';
import { createRunAcceptor } from '../gateway/accept-run.ts';
import { functionInvoker } from '../gateway/invoke-function.ts';
import { createFunctionLoader } from '../gateway/load-function.ts';
import { answerHealth } from '../http/answer-health.ts';
import { keepConsoleHost } from '../http/console-host.ts';
import { createHttpServer } from '../http/open-http-server.ts';
import { watchRoutes } from '../http/served-routes.ts';
import { newEventId, newItemId, newRunId } from '../ids/ids.ts';
import { holdRoomForBodies } from '../limits/body-room.ts';
import { startKeptBytes } from '../limits/kept-bytes.ts';
import { createNearWatch } from '../limits/near-watch.ts';
import { UploadGate } from '../limits/upload-gate.ts';
import { openListener } from '../postgres/listener.ts';
import { createRunCanceller } from '../queue/cancel-run.ts';
import { ActiveRuns } from '../runs/active-runs.ts';
import { RunRecorder } from '../runs/run-recorder.ts';
import { startRunSweeper } from '../runs/run-sweeper.ts';
import type { SandboxDriver } from '../sandbox/sandbox-driver.ts';
import { TokenDirectory } from '../tokens/token-directory.ts';
import { openBundleCache, readBootId } from '../versions/bundle-cache.ts';
import { startBundleTidier } from '../versions/bundle-tidier.ts';
import { openDeployment } from '../versions/deployment.ts';
import { keepMounted } from '../versions/mounted-bundles.ts';
import { collectOffers } from './area.ts';
import { attemptParts, executor } from './attempt-parts.ts';
import { closeDoors } from './close-doors.ts';
import { examine } from './finding.ts';
import { greet, showFirstTokens, warningsOf } from './greeting.ts';
import {
  COMECERO_ENVELOPES,
  createLinkedChangePublisher,
  mountComecero,
  offerComecero,
} from './mount-comecero.ts';
import { mountDoors } from './mount-doors.ts';
import { CLI_ENVELOPES, mountHubspot, withoutCliLabel } from './mount-hubspot.ts';
import { ENDPOINT_ENVELOPES, mountHubspotDoors, offerHubspot } from './mount-hubspot-doors.ts';
import { mountOwnFunctions, offerOwnFunctions } from './mount-own-functions.ts';
import { mountRevcent, offerRevcent, REVCENT_ENVELOPES } from './mount-revcent.ts';
import { offerBuilds, openBuilds } from './open-builds.ts';
import { openDriver } from './open-driver.ts';
import { openEgress } from './open-egress.ts';
import { openEvents } from './open-events.ts';
import { openFirstAccount } from './open-first-account.ts';
import { accountOfHost, openHosts } from './open-hosts.ts';
import { openOperator } from './open-operator.ts';
import { openOutboundWays } from './open-outbound.ts';
import { openPeople } from './open-people.ts';
import { openPool } from './open-pool.ts';
import { openQueue } from './open-queue.ts';
import { openStopped } from './open-stopped-accounts.ts';
import { openStore } from './open-store.ts';
import { openThreads, openUploadThreads, startLoopWatch } from './open-threads.ts';
import { openTriggers } from './open-triggers.ts';
import { openValues } from './open-values.ts';
import { type Endings, newHearing, type Platform } from './platform.ts';
import { showMadeTokens } from './show-made-tokens.ts';
import { standingChecks } from './standing-checks.ts';
import { startDeletions } from './start-deletions.ts';
import { offerDeliveries, startDeliveries } from './start-deliveries.ts';
import { offerFlows, startFlows } from './start-flows.ts';
import { startLimits } from './start-limits.ts';
import { startPrestarts } from './start-prestarts.ts';
import { startQueries } from './start-queries.ts';
import { startReplays } from './start-replays.ts';
import { beginScheduling, offerSchedules } from './start-scheduler.ts';
import { offerTemplates, startTemplates } from './start-templates.ts';
import { startTls } from './start-tls.ts';
import { startWorker } from './start-worker.ts';
import { showKeptTokens } from './token-file.ts';
import { warnOfUnknownAccounts } from './warn-of-unknown-accounts.ts';

/** Functions kept ready in memory. */
const DIRECTORY_CAPACITY = 20_000;
/** How long an upload waits for others to end: as long as one of the largest size takes on an ordinary line. */
const UPLOAD_WAIT_MS = 30_000;
/** The same of a call's body. */
const BODY_WAIT_MS = 10_000;

/** @returns how to end it: calls in hand are answered, everything recorded, the database stopped */
export async function serve(config: Config, stopping: AbortSignal): Promise<Running> {
  const log = await openLog(config);
  const endings: (() => Promise<unknown>)[] = [];
  // Whatever one part's end meets, the others are ended too.
  const close = async (): Promise<void> => {
    for (let end = endings.pop(); end !== undefined; end = endings.pop()) {
      await end().catch((error: unknown) =>
        log.error({ err: error }, 'a part of the server did not end well'),
      );
    }
  };
  const stop = async (): Promise<void> => {
    log.info('stopping: calls in hand are answered first');
    await close();
    log.info('stopped');
  };
  try {
    return { close: stop, ...(await compose(config, { log, endings, stopping })) };
  } catch (error) {
    await close();
    throw error;
  }
}

type Life = { log: Logger; endings: Endings; stopping: AbortSignal };

/** `broken` resolves with the reason when the server can't go on. */
async function compose(config: Config, life: Life): Promise<{ broken: Promise<string> }> {
  const { log, endings, stopping } = life;
  startLoopWatch(config, endings);
  const { url, database, broken } = await openStore(config, log, endings);
  await writeUsualBounds(database, usualBounds(config.accountBounds, config.limits));
  const { first, keys } = await openFirstAccount(config, database);
  await showFirstTokens(config, first, { database, log });
  await showKeptTokens(config, database);

  const installer = openEngineInstaller({ enginesDir: config.enginesDir, log });
  endings.push(() => installer.close());
  const { enginesDir, pythons, javas, dotnets } = config;
  const javaInstaller = openJavaInstaller({ enginesDir, javas, log });
  const dotnetInstaller = openDotnetInstaller({ enginesDir, dotnets, log });
  endings.push(() => Promise.all([javaInstaller.close(), dotnetInstaller.close()]));
  const engines = openEngines({ installer, pythons, javas, javaInstaller, dotnets, dotnetInstaller });
  if (pythons.length > 0)
    log.info(`functions in Python run on ${pythons.map(({ exact }) => exact).join(', ')}`);
  if (dotnets.engines.length > 0) log.info(describeDotnets(dotnets));
  if (javas.engines.length > 0) log.info(`functions in Java run on ${describeJavas(javas)}`);
  const bundles = openBundleCache({
    sql: database,
    dataDir: config.dataDir,
    limits: config.limits,
    bootId: await readBootId(),
    log,
  });
  await bundles.sweep();
  const hearing = newHearing();
  showMadeTokens(hearing, log);
  const publishOwn = createOwnEventPublisher({
    ...{ newEventId, log, mostDepth: config.limits.eventDepth, clock: systemClock },
  });
  const reporting = { database, publishOwn, log };
  const near = createNearWatch(createNearStandingLimitReporter(reporting), systemClock);
  const kept = startKeptBytes({
    ...{ sql: database, usual: usualBounds(config.accountBounds, config.limits).kept_bytes, log },
    keptDays: config.limits.runRetentionDays,
  });
  endings.push(() => kept.stop());
  const opened = await openQueue({ config, log, endings, hearing, keys, url, near, kept });
  const { urgent, node, queue, wakeCall } = opened;

  const values = openValues({ config, log, database, keys });
  const functions = openFunctionDirectory({
    sql: database,
    openVariables: values.openVariables,
    capacity: DIRECTORY_CAPACITY,
  });
  const walls = await openDriver(config, log, stopping);
  // Code stays on disk for as long as a sandbox has it mounted.
  const driver: SandboxDriver = {
    name: walls.name,
    start: keepMounted(walls, bundles),
    build: (spec) => walls.build(spec),
    close: () => walls.close(),
  };
  endings.push(() => driver.close());
  const operatorAccountId = first.account.id;
  const limited = startLimits({
    ...{ config, log, endings, hearing, node, database, urgent, near, operatorAccountId },
    onNear: createNearLimitReporter(reporting),
  });
  const pool = openPool({
    ...{ config, log, endings, hearing, functions },
    onLeftover: ({ accountId, usedMs }) => limited.meter.charge(accountId, usedMs),
  });
  const onFaulty = createFaultyDisabler(publishOwn);
  const recorder = new RunRecorder({ database, node: () => node.id, log, keys, onFaulty, kept });
  endings.push(() => recorder.flush());
  const tidier = startBundleTidier({ bundles, log });
  endings.push(() => tidier.stop());
  const { runRetentionDays, inputRetentionDays } = config.limits;
  const sweeper = startRunSweeper({ sql: database, runRetentionDays, inputRetentionDays, log });
  endings.push(() => sweeper.stop());

  const deployment = openDeployment({ database, bundles, onChanged: (id) => functions.forget(id) });
  const offering = { config, database, log, deployment, kept };
  const areas = {
    flows: offerFlows(offering),
    templates: offerTemplates(offering),
    deliveries: offerDeliveries(offering),
    schedules: offerSchedules(),
    builds: offerBuilds(offering),
    own_functions: offerOwnFunctions(offering),
    comecero: offerComecero(),
    hubspot: await offerHubspot(offering),
    revcent: offerRevcent(offering),
  };
  const { adapters, removers, buildFollowers, followers, consumers } = collectOffers(areas);
  const active = new ActiveRuns();
  const attempts = attemptParts({
    ...{
      config,
      database,
      driver,
      pool,
      recorder,
      engines,
      bundles,
      active,
      adapters,
      values,
      meter: limited.meter,
    },
  });
  startPrestarts({ config, log, endings, hearing, functions, attempts });
  const invoke = functionInvoker({
    functions,
    gate: limited.gate,
    execute: executor({ config, recorder, adapters }, attempts),
  });
  const load = createFunctionLoader({ functions, gate: limited.gate, attempts });
  const runEndings = { followers, onEveryEnd: [createRunEndPublisher(publishOwn)] };
  const cancel = createRunCanceller({ database, endings: runEndings, active });
  const accept = createRunAcceptor({ database, queue, functions, newRunId, clock: systemClock });
  const tokens = openTokens({ database, log, endings, operatorAccountId });
  const hosts = await openHosts({ config, log, database, hearing });
  const stopped = await openStopped({ database, hearing, log, pool, keys });
  await warnOfUnknownAccounts({ config, log, database });
  const http = createHttpServer({
    log,
    bodyLimitBytes: config.limits.requestBytes,
    trustedProxies: config.trustedProxies,
    envelopes: [...COMECERO_ENVELOPES, ...REVCENT_ENVELOPES, ...ENDPOINT_ENVELOPES, ...CLI_ENVELOPES],
    rewriteUrl: withoutCliLabel,
    accountOfHost: accountOfHost(hosts),
    served: stopped,
    settled: () => listener.caughtUp(),
  });
  keepConsoleHost(http, config.consoleUrl);
  const routes = watchRoutes(http);
  endings.push(() => http.close());
  const bodyRoom = new UploadGate({
    ...{ capacityBytes: config.limits.bodiesInHandBytes, waitMs: BODY_WAIT_MS, leastBytes: 0 },
  });
  holdRoomForBodies(http, bodyRoom, config.limits.requestBytes);
  answerHealth(http);
  if (!config.roles.includes('gateway')) closeDoors(http);
  const events = openEvents({
    ...{ config, log, endings, database, hearing, queue, publishOwn, kept, consumers },
  });
  const publishAccountChange = createLinkedChangePublisher({ config, publishOwn });
  const triggers = openTriggers({ config, database, keys, queue, catalogue: events.catalogue });
  const builds = openBuilds({ config, database, node, hearing, log, buildFollowers, driver, bundles });
  const uploadGate = new UploadGate({
    capacityBytes: config.limits.uploadsInHandBytes,
    waitMs: UPLOAD_WAIT_MS,
  });
  const platform: Platform = {
    ...openOutboundWays({ config, log, endings, database, keys }),
    builder: builds.builder,
    ...{ eventCatalogue: events.catalogue, triggers: triggers.editing },
    ...{ publishing: events.publishing, publishOwn, publishAccountChange },
    ...{ config, log, endings, stopping, database, hearing, hosts, http },
    ...{ threads: openThreads(endings), uploadThreads: openUploadThreads(endings) },
    ...{ node, values },
    ...{ keys, tokens, engines, functions, deployment, uploadGate, pool, recorder, invoke },
    ...{
      payloadLimitOf: limited.payloadLimitOf,
      requireRoom: (accountId) => limited.gate.requireRoom(accountId),
      load,
      queue,
      kept,
      wakeCall,
      accept,
      active,
      adapters,
    },
  };
  const people = openPeople({ ...platform, operatorAccountId });
  const endpoints = [
    ...runEndpoints({ sql: database, recorder }),
    ...runContentEndpoints({ sql: database, recorder, keys }),
    ...runStartEndpoints({
      sql: database,
      recorder,
      call: invoke,
      accept,
      cancel,
      publicUrl: config.publicUrl,
    }),
    ...functionEndpoints({ sql: database, deployment, removers, limits: config.limits }),
    ...mountOwnFunctions(platform),
    ...buildEndpoints({ sql: database, builder: builds.builder, rules: { allowed: config.packages ?? '*' } }),
    ...values.endpoints,
    ...openEgress(platform),
    ...runtimeEndpoints({ engines }),
    ...platformEndpoints({
      ...{ sandbox: driver.name, warnings: warningsOf(driver, config), engines, pool, operatorAccountId },
      findings: () => examine(standingChecks(config)),
    }),
    ...events.endpoints,
    ...triggers.endpoints,
    ...smtpProfileEndpoints({ database, keys }),
    ...(await mountHubspotDoors({ ...platform, endpointFacts: areas.hubspot.endpointFacts })),
    ...(await mountDoors(platform)),
    ...startFlows(platform),
    ...startReplays(platform),
    ...limited.endpoints(publishAccountChange),
    ...people.endpoints,
    ...openOperator({ ...platform, limitParts: limited.limitParts, operatorAccountId }),
    ...(await startTemplates({ ...platform, attempts, bundles, mailDepth: areas.templates.mailDepth })),
    ...startQueries({ ...platform, url, firstAccountId: first.account.id }),
    ...paymentEndpoints({
      sql: database,
      call: invoke,
      accept,
      newProfileId: newItemId,
      newRequestId: newItemId,
    }),
  ];
  await mountHubspot(platform);
  await mountComecero(http, {
    ...{ ...platform, adapter: areas.comecero.adapter },
    furtherEndpoints: startDeliveries(platform),
  });
  const revcent = await mountRevcent(platform);
  const { payloadLimitOf } = limited;
  const uploads = { gate: uploadGate, limitBytes: config.limits.uploadBytes };
  const api = millraceApi({
    ...{ tokens, log, endpoints, payloadLimitOf, uploads, publicUrl: config.publicUrl },
    ...{ open: people.open, signedIn: people.access.callerOf },
  });
  await http.register(api, { prefix: '/millrace/v1' });
  events.start();
  await builds.start(endings);
  await revcent.start();
  beginScheduling(platform);
  startDeletions(platform);
  await startWorker({ ...platform, urgent, gate: limited.gate, attempts, runEndings, onFaulty, kept });
  const listener = await openListener(url, hearing.listening(), log);
  endings.push(() => listener.close());
  await explain('the server can not listen', () => http.listen({ port: config.port, host: config.host }));
  await startTls(platform);
  log.debug({ routes }, 'what is served');
  await greet({ config, http, accountId: first.account.id, driver, log });
  return { broken };
}

function openTokens({
  database,
  log,
  endings,
  operatorAccountId,
}: Pick<Platform, 'database' | 'log' | 'endings'> & { operatorAccountId: string }): TokenDirectory {
  const tokens = new TokenDirectory({
    sql: database,
    operatorAccountId,
    clock: systemClock,
    onError: (error) => log.warn({ err: error }, 'uses of tokens could not be written'),
  });
  endings.push(() => tokens.close());
  return tokens;
}
