// Millrace's own API: what each area has of it, put together and mounted under /millrace/v1. Starting an
// area gives its part of the API. Called by serve.ts.
import { createAccountTurns } from '../api/account-turns.ts';
import { buildEndpoints } from '../api/build-endpoints.ts';
import { callEndpoints } from '../api/call-endpoints.ts';
import { callerEndpoints } from '../api/caller-endpoints.ts';
import { createExclusiveChanges } from '../api/exclusive-changes.ts';
import { functionEndpoints } from '../api/function-endpoints.ts';
import { functionUseEndpoints } from '../api/function-use-endpoints.ts';
import { createIdempotentRequests } from '../api/idempotent-requests.ts';
import { type ApiEndpoint, millraceApi } from '../api/millrace-api.ts';
import { paymentEndpoints } from '../api/payment-endpoints.ts';
import { platformEndpoints } from '../api/platform-endpoints.ts';
import { runContentEndpoints } from '../api/run-content-endpoints.ts';
import { runEndpoints } from '../api/run-endpoints.ts';
import { runErrorEndpoints } from '../api/run-error-endpoints.ts';
import { runSearchEndpoints } from '../api/run-search-endpoints.ts';
import { runStartEndpoints } from '../api/run-start-endpoints.ts';
import { runtimeEndpoints } from '../api/runtime-endpoints.ts';
import { smtpProfileEndpoints } from '../api/smtp-profile-endpoints.ts';
import { timelineEndpoints } from '../api/timeline-endpoints.ts';
import { tokenEndpoints } from '../api/token-endpoints.ts';
import { systemClock } from '../clock/clock.ts';
import { newItemId } from '../ids/ids.ts';
import type { Offered } from './area.ts';
import { examine } from './finding.ts';
import { warningsOf } from './greeting.ts';
import { mountDoors } from './mount-doors.ts';
import { mountHubspotDoors } from './mount-hubspot-doors.ts';
import { mountOwnFunctions } from './mount-own-functions.ts';
import type { Areas } from './offer-areas.ts';
import { certificateChecks } from './open-certificates.ts';
import type { Code } from './open-code.ts';
import { openEgress } from './open-egress.ts';
import type { OpenedEvents } from './open-events.ts';
import type { Execution } from './open-execution.ts';
import type { Foundation } from './open-foundation.ts';
import { openOperator } from './open-operator.ts';
import type { OpenedPeople } from './open-people.ts';
import type { PublicPort } from './open-public-port.ts';
import { openRunStreams } from './open-run-streams.ts';
import type { Platform } from './platform.ts';
import { standingChecks } from './standing-checks.ts';
import { startErrorGroups } from './start-error-groups.ts';
import { startFlows } from './start-flows.ts';
import { startMetrics } from './start-metrics.ts';
import { startQueries } from './start-queries.ts';
import { startReplays } from './start-replays.ts';
import { startTemplates } from './start-templates.ts';

/** Each holds a connection to the database, and one of its processors. */
const LONG_READINGS = 2;

export type Whole = Omit<Foundation, 'hearing'> &
  Code &
  Execution &
  PublicPort &
  Offered &
  Platform & {
    areas: Areas;
    events: OpenedEvents;
    people: OpenedPeople;
    triggerEndpoints: readonly ApiEndpoint[];
  };

/** @returns the whole of the API; starting an area gives its part of it */
export async function startAreas(whole: Whole): Promise<ApiEndpoint[]> {
  const { config, database: sql, recorder, engines, areas, limited, operatorAccountId, outgoing } = whole;
  const { invoke: call, accept, cancel, driver, keys, builder } = whole;
  const { publicUrl, limits } = config;
  return [
    ...runEndpoints({ sql, recorder }),
    ...startMetrics(whole),
    ...startErrorGroups(whole),
    ...openRunStreams(whole),
    ...runSearchEndpoints({ sql, recorder, clock: systemClock }),
    ...timelineEndpoints({ sql, recorder, outgoing, clock: systemClock }),
    ...callEndpoints({ sql, recorder, outgoing, clock: systemClock }),
    ...runErrorEndpoints({ ...whole, sql }),
    ...runContentEndpoints({ sql, recorder, keys }),
    ...runStartEndpoints({ sql, recorder, call, accept, cancel, publicUrl }),
    ...callerEndpoints({ sql, consoleUrl: config.consoleUrl }),
    ...functionEndpoints({ ...whole, sql, limits }),
    ...functionUseEndpoints({ sql }),
    ...mountOwnFunctions(whole),
    ...buildEndpoints({ sql, builder, rules: { allowed: config.packages ?? '*' } }),
    ...whole.values.endpoints,
    ...openEgress(whole),
    ...runtimeEndpoints({ engines }),
    ...platformEndpoints({
      ...{ ...whole, sandbox: driver.name, warnings: warningsOf(driver, config) },
      findings: () => examine([...standingChecks(config), ...certificateChecks(config, sql)]),
    }),
    ...whole.events.endpoints,
    ...whole.triggerEndpoints,
    ...smtpProfileEndpoints(whole),
    ...(await mountHubspotDoors({ ...whole, endpointFacts: areas.hubspot.endpointFacts })),
    ...(await mountDoors(whole)),
    ...startFlows(whole),
    ...startReplays(whole),
    ...limited.endpoints(whole.publishAccountChange),
    ...whole.people.endpoints,
    ...tokenEndpoints({ database: sql, tokens: whole.tokens, clock: systemClock }),
    ...openOperator({ ...whole, limitParts: limited.limitParts }),
    ...(await startTemplates({ ...whole, mailDepth: areas.templates.mailDepth })),
    ...startQueries({ ...whole, firstAccountId: operatorAccountId }),
    ...paymentEndpoints({ sql, call, accept, newProfileId: newItemId, newRequestId: newItemId }),
  ];
}

export async function mountOwnApi(
  parts: Platform & { people: OpenedPeople },
  endpoints: readonly ApiEndpoint[],
): Promise<void> {
  const { config, log, http, tokens, uploadGate, payloadLimitOf, people } = parts;
  const uploads = { gate: uploadGate, limitBytes: config.limits.uploadBytes };
  const api = millraceApi({
    ...{ tokens, log, endpoints, payloadLimitOf, uploads, publicUrl: config.publicUrl },
    ...{ open: people.open, signedIn: people.access.callerOf },
    exclusively: createExclusiveChanges(parts.database),
    once: createIdempotentRequests(parts),
    marker: (accountId) => parts.keys.marker(accountId),
    readingTurns: createAccountTurns({ atOnce: LONG_READINGS, what: 'long readings' }),
  });
  await http.register(api, { prefix: '/millrace/v1' });
}
