// Settles the deliveries that runs have received, in the transaction that ends the runs. Handed to the
// executor by roles/.
import type { Sql } from '../postgres/database.ts';
import type { EndedRun, RunFollower } from '../runs/run-follower.ts';
import { lockHandedOver, settleHandedOver } from './claim-store.ts';
import { deliverySettlementOf, endOfRun } from './delivery-settlement.ts';

export function createDeliveryFollower(chance: () => number): RunFollower {
  return async (sql: Sql, ended: readonly EndedRun[]) => {
    const runs = new Map(ended.map((run) => [run.id, run]));
    for (const { id, runId, attempts, debug } of await lockHandedOver(sql, [...runs.keys()])) {
      const run = runs.get(runId) as EndedRun;
      const facts = { attempts: attempts + 1, debug, chance: chance() };
      await settleHandedOver(sql, id, deliverySettlementOf(endOfRun(run), facts));
    }
  };
}
