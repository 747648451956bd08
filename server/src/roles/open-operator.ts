// Puts together what the installation's operator does by API: accounts, and tokens for them.

import { MOST_EGRESS_DENIED } from '../../../contract/supervisor-requests.ts';
import type { LimitParts } from '../api/account-limit-fields.ts';
import { masterKeyEndpoints } from '../api/master-key-endpoints.ts';
import type { ApiEndpoint } from '../api/millrace-api.ts';
import { operatorAccountEndpoints } from '../api/operator-account-endpoints.ts';
import { operatorAuditEndpoints } from '../api/operator-audit-endpoints.ts';
import { operatorDeletionEndpoints } from '../api/operator-deletion-endpoints.ts';
import { operatorStatusEndpoints } from '../api/operator-status-endpoints.ts';
import { operatorTokenEndpoints } from '../api/operator-token-endpoints.ts';
import { planEndpoints } from '../api/plan-endpoints.ts';
import { BUILD_CHANNEL } from '../builds/builder.ts';
import { systemClock } from '../clock/clock.ts';
import { createKeyRotation } from '../environment/key-rotation.ts';
import { openMasterKey } from '../environment/master-key.ts';
import { EVENTS_CHANNEL } from '../events/unmatched-store.ts';
import { WAKE_CHANNEL } from '../queue/wake-call.ts';
import { SCHEDULE_CHANNEL } from '../schedules/schedule-store.ts';
import { FLOWS_CHANNEL } from '../sources/flows/flow-run-store.ts';
import { QUERIES_CHANNEL } from '../sources/queries/query-store.ts';
import { MAILS_CHANNEL } from '../sources/templates/template-mail-store.ts';
import { DELIVERY_CHANNEL } from '../subscriptions/delivery-store.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<
  Platform,
  'config' | 'adapters' | 'database' | 'keys' | 'tokens' | 'publishAccountChange'
> & {
  limitParts: LimitParts;
  operatorAccountId: string;
};

/** Of those who claim what waits: they look at once when an account is served again. */
const WAKE_CHANNELS = [
  ...[BUILD_CHANNEL, WAKE_CHANNEL, EVENTS_CHANNEL, SCHEDULE_CHANNEL, DELIVERY_CHANNEL],
  ...[FLOWS_CHANNEL, MAILS_CHANNEL, QUERIES_CHANNEL],
];

/** @returns what belongs into Millrace's own API */
export function openOperator(parts: Parts): ApiEndpoint[] {
  const { config, adapters, database, keys, tokens, limitParts, operatorAccountId } = parts;
  return [
    ...operatorAccountEndpoints({
      ...{ ...limitParts, database, keys, notifyChange: parts.publishAccountChange },
      mostDenied: MOST_EGRESS_DENIED,
      dialects: () => Object.keys(adapters).sort(),
      keptDays: config.limits.runRetentionDays,
    }),
    ...operatorStatusEndpoints({
      ...{ ...limitParts, database, operatorAccountId, wakeChannels: WAKE_CHANNELS },
      graceDays: config.limits.accountGraceDays,
    }),
    ...masterKeyEndpoints(createKeyRotation(database, openMasterKey(config))),
    ...planEndpoints({ database, mostPayloadBytes: limitParts.usual.payloadBytes }),
    ...operatorDeletionEndpoints({ database }),
    ...operatorAuditEndpoints({ database }),
    ...operatorTokenEndpoints({ database, tokens, operatorAccountId, clock: systemClock }),
  ];
}
