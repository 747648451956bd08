// Housekeeping of deliveries: settles those whose run ended where they were not notified, and deletes old
// ones. A background service.
import type { Logger } from 'pino';
import { type Rounds, startRounds, sweepInBatches } from '../clock/rounds.ts';
import type { Database } from '../postgres/database.ts';
import { findLostRuns, lockHandedOver, settleHandedOver } from './claim-store.ts';
import { deliverySettlementOf } from './delivery-settlement.ts';
import { deleteOldDeliveries } from './delivery-store.ts';
import { failedAttempt } from './send-message.ts';

const EVERY_MS = 60_000;
const BATCH = 1_000;

export type DeliveryJanitorParts = {
  database: Database;
  retentionDays: number;
  chance: () => number;
  log: Logger;
};

export function startDeliveryJanitor(parts: DeliveryJanitorParts): Rounds {
  const { database, retentionDays, log } = parts;
  return startRounds({
    everyMs: EVERY_MS,
    round: async (stopping) => {
      await settleLostRuns(parts);
      await sweepInBatches((batch) => deleteOldDeliveries(database, retentionDays, batch), BATCH, stopping);
    },
    onError: (err) => log.error({ err }, 'deliveries could not be tidied'),
  });
}

/** What such a run answered isn't known any more: it counts as failed unless it says that it succeeded. */
export async function settleLostRuns({
  database,
  chance,
}: Pick<DeliveryJanitorParts, 'database' | 'chance'>): Promise<void> {
  for (const { runId, status } of await findLostRuns(database, BATCH)) {
    await database.transaction(async (sql) => {
      for (const { id, attempts, debug } of await lockHandedOver(sql, [runId])) {
        const ended =
          status === 'succeeded'
            ? ({ end: 'delivered', remark: null } as const)
            : failedAttempt(`the run ${runId} ended as ${status ?? 'deleted'}`);
        await settleHandedOver(
          sql,
          id,
          deliverySettlementOf(ended, { attempts: attempts + 1, debug, chance: chance() }),
        );
      }
    });
  }
}
