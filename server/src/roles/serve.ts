// Composes the server, in five groups: what all stands on, the code of functions, what areas offer, what
// runs functions, and the public port; then starts the areas. Runs as an ordinary user. Everything
// long-lived is built in these, in the order in which it is needed, and ended in the opposite one. Called by
// main.ts, and by the launcher where there is nothing to keep apart.
import { setTimeout } from 'node:timers/promises';
import { explain } from '../../../process/explain.ts';
import { openLog } from '../../../process/open-log.ts';
import type { Running } from '../../../process/run-until-stopped.ts';
import type { Config } from '../config/config.ts';
import { openListener } from '../postgres/listener.ts';
import { collectOffers } from './area.ts';
import { greet } from './greeting.ts';
import { createLinkedChangePublisher, mountComecero } from './mount-comecero.ts';
import { mountHubspot } from './mount-hubspot.ts';
import { mountRevcent } from './mount-revcent.ts';
import { offerAreas } from './offer-areas.ts';
import { openBuilds } from './open-builds.ts';
import { prepareCertificates } from './open-certificates.ts';
import { openCode } from './open-code.ts';
import { openEvents } from './open-events.ts';
import { openExecution } from './open-execution.ts';
import { type Life, openFoundation } from './open-foundation.ts';
import { openOutboundWays } from './open-outbound.ts';
import { openPeople } from './open-people.ts';
import { openPublicPort } from './open-public-port.ts';
import { openThreads, openUploadThreads } from './open-threads.ts';
import { openTriggers } from './open-triggers.ts';
import { mountOwnApi, startAreas } from './own-api.ts';
import type { Platform } from './platform.ts';
import { startDeletions } from './start-deletions.ts';
import { startDeliveries } from './start-deliveries.ts';
import { beginScheduling } from './start-scheduler.ts';
import { startTls } from './start-tls.ts';
import { startWorker } from './start-worker.ts';

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
    await drain(config.drainS, log);
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

/** Who sends requests here learns at /readyz that there are to be no more; until then they are answered. */
async function drain(drainS: number, log: Life['log']): Promise<void> {
  if (drainS === 0) return;
  log.info({ seconds: drainS }, 'not ready any more: requests are answered for a while yet');
  await setTimeout(drainS * 1000);
}

/** `broken` resolves with the reason when the server can't go on. */
async function compose(config: Config, life: Life): Promise<{ broken: Promise<string> }> {
  const foundation = await openFoundation(config, life);
  const { log, endings, hearing, url, publishOwn } = foundation;
  const code = await openCode(foundation);
  const areas = await offerAreas({ ...foundation, ...code });
  const offered = collectOffers(areas);
  const execution = await openExecution({ ...foundation, ...code, ...offered });
  const { limited, driver } = execution;
  const port = await openPublicPort({
    ...{ ...foundation, pool: execution.pool },
    settled: () => listener.caughtUp(),
  });
  const { http } = port;
  const events = openEvents({ ...foundation, consumers: offered.consumers });
  const triggers = openTriggers({ ...foundation, catalogue: events.catalogue });
  const builds = openBuilds({ ...foundation, ...code, ...offered, driver });
  const platform: Platform = {
    ...{ ...foundation, ...code, ...execution, ...port, ...offered, ...openOutboundWays(foundation) },
    ...{ threads: openThreads(endings), uploadThreads: openUploadThreads(endings) },
    ...{ builder: builds.builder, triggers: triggers.editing },
    ...{ eventCatalogue: events.catalogue, publishing: events.publishing },
    publishAccountChange: createLinkedChangePublisher({ config, publishOwn }),
    payloadLimitOf: limited.payloadLimitOf,
    requireRoom: (accountId) => limited.gate.requireRoom(accountId),
  };
  const people = openPeople({ ...platform, operatorAccountId: foundation.operatorAccountId });
  const triggerEndpoints = triggers.endpoints;
  const whole = { ...foundation, ...code, ...execution, ...port, ...offered, ...platform, areas, people };
  const endpoints = await startAreas({ ...whole, events, triggerEndpoints });
  await mountHubspot({ ...platform, people });
  const deliveries = startDeliveries(platform);
  await mountComecero(http, {
    ...{ ...platform, adapter: areas.comecero.adapter },
    furtherEndpoints: deliveries.dialect,
  });
  const revcent = await mountRevcent(platform);
  await mountOwnApi(whole, [...endpoints, ...deliveries.own, ...revcent.own]);
  events.start();
  await builds.start(endings);
  await revcent.start();
  beginScheduling(platform);
  startDeletions(platform);
  const beginCertificates = prepareCertificates(whole);
  const settler = await startWorker({ ...whole, gate: limited.gate });
  const listener = await openListener(url, hearing.listening(), log);
  endings.push(() => listener.close());
  await explain('the server can not listen', () => http.listen({ port: config.port, host: config.host }));
  await startTls(platform);
  beginCertificates();
  await foundation.monitoring?.listen({ ...platform, urgent: foundation.urgent, driver, settler });
  log.debug({ routes: port.routes }, 'what is served');
  const { database, operatorAccountId: accountId } = foundation;
  await greet({ config, http, accountId, database, driver, log });
  return { broken: foundation.broken };
}
