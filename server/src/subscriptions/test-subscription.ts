// Sends a made-up event to a subscription's destination, now and once, and returns what came back. Leaves no
// delivery behind; a function of ours gets a run as any other call does. Called by the dialect when a
// subscription is set up.
import type { World } from '../accounts/account.ts';
import { newResourceId } from '../ids/ids.ts';
import type { RunCause } from '../runs/run.ts';
import type { RunInput } from '../runs/run-input.ts';
import type { Outcome } from '../sandbox/outcome.ts';
import { type AttemptParts, NO_SUCH_FUNCTION, requestOf } from './attempt-delivery.ts';
import { composeMessage, type Message } from './compose-message.ts';
import type { AttemptEnd, Postponement } from './delivery.ts';
import { endOfRun, replyOfRun } from './delivery-settlement.ts';
import { readDestination } from './destination.ts';
import type { SealedSubscription, Subscription } from './event-subscription.ts';
import { failedAttempt, type Reply, sendMessage } from './send-message.ts';
import { openForSending } from './signature-key.ts';

export type CallFunction = (call: {
  world: World;
  functionId: string;
  input: RunInput;
  cause: RunCause;
}) => Promise<{ runId: string; outcome: Outcome }>;

export type TestParts = Omit<AttemptParts, 'queue'> & { call: CallFunction };

/** `runId`: of the function of ours that received it. */
export type TestResult = {
  ended: AttemptEnd | Postponement;
  reply: Reply | null;
  runId: string | null;
  problems: string[];
};

export type TestSubscription = (
  sealed: SealedSubscription,
  event: { type: string; data: unknown },
) => Promise<TestResult>;

export function createSubscriptionTester(parts: TestParts): TestSubscription {
  return async (sealed, { type, data }) => {
    const subscription = await openForSending(parts.database, parts.keys, sealed);
    const deliveryId = `test${newResourceId()}`;
    const { signal } = new AbortController();
    const { fetchResource, dialect, clock } = parts;
    const message = await composeMessage(
      subscription,
      {
        ...{ deliveryId, createdAt: new Date(clock()), traceparent: null },
        event: { id: deliveryId, type, data, related: {} },
      },
      {
        ...{ dialect, nowMs: clock() },
        fetch: fetchResource === null ? null : (link) => fetchResource(subscription, link, signal),
      },
    );
    return { problems: message.problems, ...(await sendTest(parts, subscription, message, signal)) };
  };
}

async function sendTest(
  parts: TestParts,
  subscription: Subscription,
  message: Message,
  signal: AbortSignal,
): Promise<Omit<TestResult, 'problems'>> {
  const destination = readDestination(subscription.method, subscription.destination);
  if ('problem' in destination) {
    return { ended: failedAttempt(`the destination ${destination.problem}`), reply: null, runId: null };
  }
  const functionId = destination.kind === 'http' ? parts.dialect.functionAt(destination.url) : null;
  if (destination.kind === 'email' || functionId === null) {
    return { ...(await sendMessage(parts, message, { destination, subscription }, signal)), runId: null };
  }
  return await callFunction(parts, subscription, message, { functionId, url: destination.url });
}

async function callFunction(
  { functions, call, clock, dialect }: TestParts,
  subscription: Subscription,
  message: Message,
  { functionId, url }: { functionId: string; url: URL },
): Promise<Omit<TestResult, 'problems'>> {
  const fn = await functions.find(subscription, functionId);
  if (fn === null) return { ended: failedAttempt(NO_SUCH_FUNCTION), reply: null, runId: null };
  const { runId, outcome } = await call({
    world: { accountId: fn.accountId, mode: fn.mode },
    functionId,
    input: {
      trigger: 'subscription',
      source: { id: subscription.id, name: subscription.eventType },
      request: dialect.withoutToken(requestOf(url, message, clock())),
      data: message.document,
    },
    cause: { event_subscription: subscription.id, test: true },
  });
  const result = outcome.end === 'returned' ? outcome.result.toString() : null;
  const error = outcome.end === 'returned' ? null : outcome.error;
  const status = outcome.end === 'returned' ? 'succeeded' : 'failed';
  return { ended: endOfRun({ id: runId, status, error, result }), reply: replyOfRun(result), runId };
}
