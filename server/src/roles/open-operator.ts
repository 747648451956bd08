// Puts together what the installation's operator does by API: accounts, and tokens for them.
import type { LimitParts } from '../api/account-limit-fields.ts';
import type { ApiEndpoint } from '../api/millrace-api.ts';
import { operatorAccountEndpoints } from '../api/operator-account-endpoints.ts';
import { operatorTokenEndpoints } from '../api/operator-token-endpoints.ts';
import { systemClock } from '../clock/clock.ts';
import { MOST_EGRESS_DENIED } from '../supervisor/requests.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<Platform, 'database' | 'keys' | 'tokens' | 'tellAccountChange'> & {
  limitParts: LimitParts;
  operatorAccountId: string;
};

/** @returns what belongs into Millrace's own API */
export function openOperator(parts: Parts): ApiEndpoint[] {
  const { database, keys, tokens, limitParts, operatorAccountId } = parts;
  return [
    ...operatorAccountEndpoints({
      ...{ ...limitParts, database, keys, tellChange: parts.tellAccountChange },
      mostDenied: MOST_EGRESS_DENIED,
    }),
    ...operatorTokenEndpoints({ database, tokens, operatorAccountId, clock: systemClock }),
  ];
}
