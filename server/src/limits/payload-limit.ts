// How large the body of a request for a function of an account may be, as every door asks: from memory, after
// an account's first. The installation's own limit holds besides.
import type { BodyLimit } from '../http/limit-body.ts';
import type { AccountLimits } from './account-limits.ts';
import type { LimitDirectory } from './limit-directory.ts';

/** @returns a promise where the database has to be asked; null: the installation's alone */
export type PayloadLimitOf = (accountId: string) => BodyLimit | Promise<BodyLimit>;

export function createPayloadLimiter(limits: Pick<LimitDirectory, 'peek' | 'find'>): PayloadLimitOf {
  return (accountId) => {
    const known = limits.peek(accountId);
    return known === undefined ? limits.find(accountId).then(payloadLimit) : payloadLimit(known);
  };
}

function payloadLimit({ payloadBytes }: AccountLimits): BodyLimit {
  return payloadBytes === null ? null : { limit: 'payload_bytes', limitBytes: payloadBytes };
}
