// Hands what functions returned to the mails that wait for them, in the transaction that ends the runs; and
// makes the mails that events send, in the transaction that keeps the events. Registered by roles/.
import { createEventConsumer, type EventConsumer, type WaitingDepth } from '../../events/event-consumer.ts';
import type { EndedRun, RunFollower } from '../../runs/run-follower.ts';
import type { Interest } from '../../triggers/event-matcher.ts';
import { customDataOf } from './email-template.ts';
import { listListening } from './email-template-store.ts';
import { type AskedRun, insertMailsOfEvents, returnToMails } from './template-mail-store.ts';

/** Worlds whose templates are kept in memory. */
const CAPACITY = 1_000;

export const templateFollower: RunFollower = (sql, ended) => returnToMails(sql, ended.map(askedRun));

function askedRun({ accountId, id: runId, status, result, error }: EndedRun): AskedRun {
  if (status === 'succeeded') return { accountId, runId, customData: customDataOf(result), error: null };
  const reason = `the function's run ended as ${status}: ${error?.message ?? ''}`;
  return { accountId, runId, customData: null, error: reason };
}

/** @param newMailId a UUID that sorts by time */
export function createMailStarter(newMailId: () => string, depth: WaitingDepth | null = null): EventConsumer {
  return createEventConsumer<Interest>({
    capacity: CAPACITY,
    load: async (sql, world) =>
      (await listListening(sql, world)).map((template) => ({ ...template, recipient: template.id })),
    copies: true,
    depth,
    write: (sql, listening) =>
      insertMailsOfEvents(
        sql,
        listening.map(({ event, interest }) => ({ event, id: newMailId(), templateId: interest.id })),
      ),
  });
}
