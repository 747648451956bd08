// Accepts webhooks, many in one transaction: a message that was accepted before is left out, all others
// become queued runs. Once it resolves, what was accepted is on disk. Built by roles/mount-doors.ts; called
// by webhook-door.ts.
import { fail } from '../errors/failure.ts';
import type { Database } from '../postgres/database.ts';
import { createGroupCommit } from '../postgres/group-commit.ts';
import type { NewRun } from '../queue/new-run.ts';
import type { RunQueue } from '../queue/run-queue.ts';
import { insertReceipts, receiptKey } from './receipt-store.ts';

export type ReceivedWebhook = {
  triggerId: string;
  /** What repetitions of it have in common; null: nothing does. */
  messageId: string | null;
  run: NewRun;
  sizeBytes: number;
};

/** `gone`: its function was deleted meanwhile. */
export type Accepted = 'accepted' | 'repeated' | 'gone';

export type AcceptWebhook = {
  /** @throws Failure `too_many_runs`, `payload_too_large`, `unavailable` */
  accept(webhook: ReceivedWebhook): Promise<Accepted>;
  /** Resolves when nothing is in flight. */
  drain(): Promise<void>;
};

type Parts = {
  database: Pick<Database, 'transaction'>;
  queue: RunQueue;
  /** How long their receipts are kept. */
  memoryHours: number;
};

/** Bodies of one transaction, and of all that wait. */
const BYTES_PER_COMMIT = 8 * 1024 * 1024;
const MOST_BYTES_WAITING = 128 * 1024 * 1024;
const MOST_WAITING = 10_000;
/** Of one account. */
const MOST_OF_ACCOUNT = 2_500;
const MOST_BYTES_OF_ACCOUNT = 32 * 1024 * 1024;
/** What a webhook weighs besides its body. */
const OVERHEAD_BYTES = 4 * 1024;

export function createWebhookAcceptor({ database, queue, memoryHours }: Parts): AcceptWebhook {
  const writing = createGroupCommit<ReceivedWebhook, Accepted>({
    database,
    write: async (sql, webhooks) => {
      const known = webhooks.flatMap((one) => (isTold(one) ? [one] : []));
      const written = known.length === 0 ? new Set<string>() : await insertReceipts(sql, known, memoryHours);
      const fresh = webhooks.filter((one) => !isTold(one) || written.delete(receiptKey(one)));
      const ids = await queue.enqueue(
        sql,
        fresh.map(({ run }) => run),
      );
      return settle(webhooks, { fresh: new Set(fresh), ids: new Set(ids) });
    },
    onCommitted: () => queue.wake(),
    weigh: (webhook) => webhook.sizeBytes + OVERHEAD_BYTES,
    mostWeight: BYTES_PER_COMMIT,
    ownerOf: ({ run }) => run.accountId,
    ...{ mostWaiting: MOST_WAITING, mostOfOwner: MOST_OF_ACCOUNT },
  });
  let waitingBytes = 0;
  const bytesOf = new Map<string, number>();
  const count = (accountId: string, bytes: number): void => {
    waitingBytes += bytes;
    const own = (bytesOf.get(accountId) ?? 0) + bytes;
    if (own > 0) bytesOf.set(accountId, own);
    else bytesOf.delete(accountId);
  };
  return {
    accept: async (webhook) => {
      const { sizeBytes, run } = webhook;
      const own = bytesOf.get(run.accountId) ?? 0;
      if (waitingBytes + sizeBytes > MOST_BYTES_WAITING || own + sizeBytes > MOST_BYTES_OF_ACCOUNT) {
        fail('unavailable', { message: 'too much waits to be written: try again in a moment' });
      }
      count(run.accountId, sizeBytes);
      try {
        return await writing.add(webhook);
      } finally {
        count(run.accountId, -sizeBytes);
      }
    },
    drain: () => writing.drain(),
  };
}

function isTold(webhook: ReceivedWebhook): webhook is ReceivedWebhook & { messageId: string } {
  return webhook.messageId !== null;
}

function settle(
  webhooks: readonly ReceivedWebhook[],
  { fresh, ids }: { fresh: Set<ReceivedWebhook>; ids: Set<string> },
): Accepted[] {
  return webhooks.map((webhook) => {
    if (!fresh.has(webhook)) return 'repeated';
    return ids.has(webhook.run.id) ? 'accepted' : 'gone';
  });
}
