// Accepts webhooks, many in one transaction: a delivery that was accepted before is left out, all others become queued runs. Once
// it resolves, what was accepted is on disk. Built by roles/mount-doors.ts; called by webhook-door.ts.
import { fail } from '../errors/failure.ts';
import type { Database } from '../postgres/database.ts';
import { groupCommit } from '../postgres/group-commit.ts';
import type { NewRun } from '../queue/new-run.ts';
import type { RunQueue } from '../queue/run-queue.ts';
import { deliveryKey, insertDeliveries } from './delivery-store.ts';

export type WebhookDelivery = {
  triggerId: string;
  /** What repetitions of it have in common; null: nothing does. */
  deliveryId: string | null;
  run: NewRun;
  sizeBytes: number;
};

/** `gone`: its function was deleted meanwhile. */
export type Accepted = 'accepted' | 'repeated' | 'gone';

export type AcceptWebhook = {
  /** @throws Failure `too_many_runs`, `payload_too_large`, `unavailable` */
  accept(delivery: WebhookDelivery): Promise<Accepted>;
  /** Resolves when nothing is in flight. */
  drain(): Promise<void>;
};

type Parts = {
  database: Pick<Database, 'transaction'>;
  queue: RunQueue;
  /** How long deliveries are remembered. */
  memoryHours: number;
};

/** Bodies of one transaction, and of all that wait. */
const BYTES_PER_COMMIT = 8 * 1024 * 1024;
const MOST_BYTES_WAITING = 128 * 1024 * 1024;
const MOST_WAITING = 10_000;
/** What a delivery weighs besides its body. */
const OVERHEAD_BYTES = 4 * 1024;

export function webhookAcceptor({ database, queue, memoryHours }: Parts): AcceptWebhook {
  const writing = groupCommit<WebhookDelivery, Accepted>({
    database,
    write: async (sql, deliveries) => {
      const known = deliveries.flatMap((one) => (isTold(one) ? [one] : []));
      const written =
        known.length === 0 ? new Set<string>() : await insertDeliveries(sql, known, memoryHours);
      const fresh = deliveries.filter((one) => !isTold(one) || written.delete(deliveryKey(one)));
      const ids = await queue.enqueue(
        sql,
        fresh.map(({ run }) => run),
      );
      return settle(deliveries, { fresh: new Set(fresh), ids: new Set(ids) });
    },
    onCommitted: () => queue.wake(),
    weigh: (delivery) => delivery.sizeBytes + OVERHEAD_BYTES,
    mostWeight: BYTES_PER_COMMIT,
    mostWaiting: MOST_WAITING,
  });
  let waitingBytes = 0;
  return {
    accept: async (delivery) => {
      if (waitingBytes + delivery.sizeBytes > MOST_BYTES_WAITING) {
        fail('unavailable', { message: 'too much waits to be written: try again in a moment' });
      }
      waitingBytes += delivery.sizeBytes;
      try {
        return await writing.add(delivery);
      } finally {
        waitingBytes -= delivery.sizeBytes;
      }
    },
    drain: () => writing.drain(),
  };
}

function isTold(delivery: WebhookDelivery): delivery is WebhookDelivery & { deliveryId: string } {
  return delivery.deliveryId !== null;
}

function settle(
  deliveries: readonly WebhookDelivery[],
  { fresh, ids }: { fresh: Set<WebhookDelivery>; ids: Set<string> },
): Accepted[] {
  return deliveries.map((delivery) => {
    if (!fresh.has(delivery)) return 'repeated';
    return ids.has(delivery.run.id) ? 'accepted' : 'gone';
  });
}
