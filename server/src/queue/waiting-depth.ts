// Counts what accounts have waiting besides runs, as queue-depth.ts counts runs: flow runs, mails of templates, deliveries. Built by roles/.
import { ACCOUNT_BOUNDS, type SetBounds, usualBounds } from '../config/account-bounds.ts';
import { measureWaiting, type WaitingKind } from '../limits/waiting-store.ts';
import { QueueDepth } from './queue-depth.ts';

/**
 * @param set by the operator, for accounts that have none of their own
 * @param clock Unix time in ms
 */
export function waitingDepth(kind: WaitingKind, set: SetBounds, clock: () => number): QueueDepth {
  return new QueueDepth(usualBounds(set)[kind], clock, null, {
    what: `${ACCOUNT_BOUNDS[kind].noun} (${kind})`,
    measure: (sql, accountId, limit) => measureWaiting(sql, kind, { accountId, usual: limit }),
  });
}
