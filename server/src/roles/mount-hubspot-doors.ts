// Puts the endpoints of HubSpot's dialect on the public ports, and makes what runs of them need that no site
// asked for. The CLI's side is mounted elsewhere.
import { HOST_CHANNEL } from '../accounts/host-store.ts';
import type { ApiEndpoint } from '../api/millrace-api.ts';
import { systemClock } from '../clock/clock.ts';
import { keepEndpointFacts } from '../dialects/hubspot/catalog/endpoint-facts.ts';
import { ENDPOINT_CHANNEL } from '../dialects/hubspot/catalog/endpoint-store.ts';
import { openSiteDirectory } from '../dialects/hubspot/catalog/site-directory.ts';
import { siteEndpoints } from '../dialects/hubspot/cli/site-endpoints.ts';
import { createEndpointRemover } from '../dialects/hubspot/files/remove-endpoint.ts';
import { DIALECT } from '../dialects/hubspot/folders/folder-deployer.ts';
import { createContactResolver } from '../dialects/hubspot/serving/contact.ts';
import { openEndpointDirectory } from '../dialects/hubspot/serving/endpoint-directory.ts';
import { endpointDoor } from '../dialects/hubspot/serving/endpoint-door.ts';
import { contextLimits } from '../dialects/hubspot/serving/endpoint-limits.ts';
import { createHubspotAdapter } from '../dialects/hubspot/serving/hubspot-adapter.ts';
import { shareUse } from '../dialects/hubspot/serving/shared-use.ts';
import { SiteBudget } from '../dialects/hubspot/serving/site-budget.ts';
import { createNearLimitReporter } from '../events/report-near-limits.ts';
import { takeSlice } from '../limits/budget-store.ts';
import type { Offer } from './area.ts';
import type { Platform } from './platform.ts';

export { ENDPOINT_ENVELOPES } from '../dialects/hubspot/serving/endpoint-door.ts';

const TIDY_MS = 60_000;

type Parts = Pick<
  Platform,
  | 'config'
  | 'log'
  | 'endings'
  | 'database'
  | 'hearing'
  | 'hosts'
  | 'http'
  | 'invoke'
  | 'publishOwn'
  | 'payloadLimitOf'
  | 'requireRoom'
  | 'threads'
> & { endpointFacts: EndpointFacts };

type EndpointFacts = Awaited<ReturnType<typeof keepEndpointFacts>>;

/** What its functions find in their context is kept in memory, for the adapter and its refresher alike. */
export async function offerHubspot({
  config: { limits },
  database,
  log,
  deployment,
}: Pick<Platform, 'config' | 'database' | 'log' | 'deployment'>): Promise<
  Offer & { endpointFacts: EndpointFacts }
> {
  const endpointFacts = await keepEndpointFacts(database, (error) =>
    log.warn({ err: error }, 'endpoints could not be read'),
  );
  const whole = { remainingMs: limits.executionSecondsPerMinute * 1000, resetAtMs: 0 };
  const adapter = createHubspotAdapter({
    facts: endpointFacts,
    limits: contextLimits(whole, limits.endpointTimeoutMs),
  });
  return {
    endpointFacts,
    adapters: { [DIALECT]: adapter },
    removers: { [DIALECT]: createEndpointRemover({ database, deployment }) },
  };
}

/** @returns what belongs into Millrace's own API */
export async function mountHubspotDoors(parts: Parts): Promise<ApiEndpoint[]> {
  const { config, log, endings, database, hearing, hosts, http, invoke } = parts;
  const { domains, corsOrigins, limits } = config;
  const budget = new SiteBudget();
  const timer = setInterval(() => budget.tidy(systemClock()), TIDY_MS);
  endings.push(async () => clearInterval(timer));
  const use = shareUse({
    ...{ budget, budgetMs: limits.executionSecondsPerMinute * 1000, clock: systemClock, log },
    take: (wanted) => takeSlice(database, wanted),
    onNear: createNearLimitReporter({ database, publishOwn: parts.publishOwn, log }),
  });
  endings.push(() => use.stop());
  const sites = openSiteDirectory({ sql: database, hosts, clock: systemClock });
  const endpoints = openEndpointDirectory(database);
  const { endpointFacts: facts } = parts;
  const forgetSites = (): Promise<void> => {
    sites.forgetAll();
    return facts.refresh();
  };
  const forgetEndpoints = (payload: string | null): Promise<void> => {
    if (payload === null) endpoints.forgetAll();
    else endpoints.forget(payload);
    return facts.refresh();
  };
  hearing.on(HOST_CHANNEL, forgetSites, forgetSites);
  hearing.on(ENDPOINT_CHANNEL, forgetEndpoints, () => forgetEndpoints(null));
  const contactOf = createContactResolver({
    ...config,
    clock: systemClock,
    onError: (error) =>
      log.warn({ err: error }, 'MILLRACE_CONTACT_URL could not be asked: the visitor is anonymous'),
  });
  const door = endpointDoor({
    ...{ sites, endpoints, invoke, contactOf, corsOrigins, clock: systemClock, log, threads: parts.threads },
    limits: {
      budget,
      executionSecondsPerMinute: limits.executionSecondsPerMinute,
      timeoutMs: limits.endpointTimeoutMs,
    },
    bodyLimitBytes: limits.requestBytes,
    payloadLimitOf: parts.payloadLimitOf,
    requireRoom: parts.requireRoom,
  });
  await http.register(door);
  return siteEndpoints({ sql: database, domains, hasAuthority: config.acme !== null, clock: systemClock });
}
