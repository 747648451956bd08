// Hands what functions returned to the mails that wait for them, in the transaction that ends the runs; and makes the mails that
// events send, in the transaction that keeps the events. Registered by roles/.
import type { PublishedEvent } from '../events/account-event.ts';
import type { EventConsumer } from '../events/event-consumer.ts';
import type { EndedRun, RunFollower } from '../runs/run-follower.ts';
import { type Interest, matchEvent } from '../triggers/event-matcher.ts';
import { openInterestDirectory, worldKey } from '../triggers/interest-directory.ts';
import { customDataOf } from './email-template.ts';
import { listListening } from './email-template-store.ts';
import { type AskedRun, insertMails, type NewMail, returnToMails } from './template-mail-store.ts';

/** Worlds whose templates are kept in memory. */
const CAPACITY = 1_000;

export const templateFollower: RunFollower = (sql, ended) => returnToMails(sql, ended.map(askedRun));

function askedRun({ accountId, id: runId, status, result, error }: EndedRun): AskedRun {
  if (status === 'succeeded') return { accountId, runId, customData: customDataOf(result), error: null };
  const reason = `the function's run ended as ${status}: ${error?.message ?? ''}`;
  return { accountId, runId, customData: null, error: reason };
}

/** @param newMailId a UUID that sorts by time */
export function mailStarter(newMailId: () => string): EventConsumer {
  const directory = openInterestDirectory<Interest>({
    capacity: CAPACITY,
    load: async (sql, world) =>
      (await listListening(sql, world)).map((template) => ({ ...template, recipient: template.id })),
  });
  return async (sql, events, held) => {
    const indexes = await directory.indexesOf(sql, held);
    const mails = events.flatMap((event) => {
      const index = indexes.get(worldKey(event));
      if (index === undefined) return [];
      return matchEvent(index, event).map(({ interest }) => newMail(interest.id, event, newMailId()));
    });
    await insertMails(sql, mails);
  };
}

function newMail(templateId: string, event: PublishedEvent, id: string): NewMail {
  const { accountId, mode, itemType: item_type, itemId: item_id, data: item_details } = event;
  const about = { item_type, item_id, item_details, event_id: event.id, event_notations: event.notations };
  return { accountId, mode, id, templateId, eventId: event.id, input: about };
}
