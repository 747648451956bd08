// One attempt at a claimed delivery: composes the message, sends it, or hands it to a run where the
// destination is a function of ours. Decides how the attempt ended; who keeps that is delivery-engine.ts.
import { Failure } from '../errors/failure.ts';
import { newRunId } from '../ids/ids.ts';
import type { Database, Sql } from '../postgres/database.ts';
import type { NewRun } from '../queue/new-run.ts';
import type { RunQueue } from '../queue/run-queue.ts';
import type { HttpRequestFacts } from '../runs/run-input.ts';
import { handOver } from './claim-store.ts';
import { composeMessage, type Message } from './compose-message.ts';
import type { AttemptEnd, Claim, Postponement } from './delivery.ts';
import type { DeliveryDialect } from './delivery-dialect.ts';
import { type Destination, readDestination } from './destination.ts';
import type { Subscription } from './event-subscription.ts';
import type { OwnFunctions } from './own-functions.ts';
import type { FetchResource } from './resource-client.ts';
import { failedAttempt, type SendParts, sendMessage } from './send-message.ts';
import { openForSending } from './signature-key.ts';
import type { Keys } from './subscription-secrets.ts';
import { getSubscription } from './subscription-store.ts';

export type AttemptParts = SendParts & {
  database: Database;
  keys: Keys;
  dialect: DeliveryDialect;
  functions: OwnFunctions;
  queue: RunQueue;
  /** null: what an event doesn't bring isn't expanded. */
  fetchResource: FetchResource | null;
  clock: () => number;
};

/** `debug`: what is noted whatever the end. `handed_over`: a run has it now. */
export type AttemptResult = {
  ended: AttemptEnd | Postponement | { end: 'handed_over' };
  debug: string | null;
};
export type AttemptDelivery = (claim: Claim, signal: AbortSignal) => Promise<AttemptResult>;

const GONE = { end: 'failed', retryAfterMs: null, isFinal: true } as const;

/** @returns a function that throws only when it is aborted, or for a defect or a database out of reach */
export function createDeliveryAttempter(parts: AttemptParts): AttemptDelivery {
  return async (claim, signal) => {
    const sealed = await getSubscription(parts.database, claim, claim.subscriptionId);
    if (sealed === null) return ending({ ...GONE, reason: 'the event subscription was deleted' });
    if (!sealed.active) return ending({ ...GONE, reason: 'the event subscription is not active' });
    const subscription = await openForSending(parts.database, parts.keys, sealed);
    const destination = readDestination(subscription.method, subscription.destination);
    if ('problem' in destination) {
      return ending({ ...GONE, reason: `the destination ${destination.problem}` });
    }
    const message = await messageFor(parts, subscription, claim, signal);
    const result = await deliver(parts, { claim, subscription, destination, message }, signal);
    const told = message.problems.map((problem) => `not expanded: ${problem}`).join('\n');
    return { ...result, debug: told === '' ? null : told };
  };
}

function ending(ended: AttemptEnd): AttemptResult {
  return { ended, debug: null };
}

function messageFor(
  { dialect, clock, fetchResource }: AttemptParts,
  subscription: Subscription,
  claim: Claim,
  signal: AbortSignal,
): Promise<Message> {
  const fetch =
    fetchResource === null
      ? null
      : (link: Parameters<FetchResource>[1]) => fetchResource(subscription, link, signal);
  const { id, createdAt, event, traceparent } = claim;
  return composeMessage(
    subscription,
    { deliveryId: id, createdAt, traceparent, event: { ...event, type: claim.eventType } },
    { dialect, nowMs: clock(), fetch },
  );
}

type Prepared = { claim: Claim; subscription: Subscription; destination: Destination; message: Message };

async function deliver(
  parts: AttemptParts,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<Pick<AttemptResult, 'ended'>> {
  const { subscription, destination, message } = prepared;
  const functionId = destination.kind === 'http' ? parts.dialect.functionAt(destination.url) : null;
  if (destination.kind === 'email' || functionId === null) {
    return { ended: (await sendMessage(parts, message, { destination, subscription }, signal)).ended };
  }
  return { ended: await startRun(parts, prepared, { functionId, url: destination.url }) };
}

/** The run and the delivery's word of it are one transaction. */
async function startRun(
  { database, functions, queue, clock, dialect }: AttemptParts,
  { claim, subscription, message }: Prepared,
  { functionId, url }: { functionId: string; url: URL },
): Promise<AttemptEnd | { end: 'handed_over' }> {
  const fn = await functions.find(subscription, functionId);
  if (fn === null) return failedAttempt(NO_SUCH_FUNCTION);
  const nowMs = clock();
  const run: NewRun = {
    accountId: fn.accountId,
    mode: fn.mode,
    id: newRunId(nowMs),
    functionId,
    input: {
      trigger: 'subscription',
      source: { id: subscription.id, name: subscription.eventType },
      request: dialect.withoutToken(requestOf(url, message, nowMs)),
      data: message.document,
    },
    cause: { event_subscription: subscription.id, event: claim.id, type: claim.eventType },
    triggerId: null,
    eventId: fn.accountId === claim.accountId ? claim.eventId : null,
    due: { afterMs: 0 },
    version: null,
    replayOf: null,
  };
  const debug = message.problems.map((problem) => `not expanded: ${problem}`).join('\n') || null;
  try {
    const end = await database.transaction((sql) => acceptRun(sql, { claim, run, queue, debug }));
    queue.wake();
    return end;
  } catch (error) {
    if (error instanceof Failure) return failedAttempt(error.message);
    throw error;
  }
}

export const NO_SUCH_FUNCTION = 'there is no such function in this account and mode, and no public one';

async function acceptRun(
  sql: Sql,
  { claim, run, queue, debug }: { claim: Claim; run: NewRun; queue: RunQueue; debug: string | null },
): Promise<AttemptEnd | { end: 'handed_over' }> {
  // The queue takes locks of its own: this row is the first in every transaction that ends or starts a run
  // for it.
  const isOurs = await handOver(sql, claim, { runId: run.id, debug });
  if (!isOurs) return { end: 'handed_over' };
  const taken = await queue.enqueue(sql, [run]);
  if (!taken.includes(run.id)) throw new Failure('not_found', { message: NO_SUCH_FUNCTION });
  return { end: 'handed_over' };
}

/** The request that the function would have got over the network. Pure. */
export function requestOf(url: URL, { headers, body }: Message, nowMs: number): HttpRequestFacts {
  const all = { Host: url.host, ...headers, 'Content-Length': String(body.length) };
  return {
    method: 'POST',
    path: url.pathname,
    query: url.search.slice(1),
    rawHeaders: Object.entries(all).flat(),
    body: body.toString('utf8'),
    isBase64: false,
    ip: '127.0.0.1',
    httpVersion: '1.1',
    receivedAtMs: nowMs,
  };
}
