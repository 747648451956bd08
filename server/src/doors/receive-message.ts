// What becomes of a message at a webhook: its sender is verified where the trigger says how, then it is a
// queued run, on disk. No code runs meanwhile. Called by webhook-door.ts for messages from outside, and by
// send-test-message.ts.
import type { Clock } from '../clock/clock.ts';
import { fail } from '../errors/failure.ts';
import { newRunId } from '../ids/ids.ts';
import type { NewRun } from '../queue/new-run.ts';
import type { HttpRequestFacts } from '../runs/run-input.ts';
import type { AcceptWebhook } from './accept-webhooks.ts';
import type { AddressTrigger } from './address-directory.ts';
import type { Target } from './find-target.ts';
import type { SignedMessage } from './signed-message.ts';
import { handshakeOf, signedMessage, VERIFY } from './verify-message.ts';

export type ReceiveParts = { webhooks: Pick<AcceptWebhook, 'accept'>; clock: Clock };

export type Posted = {
  /** Names and values in turn. */
  rawHeaders: readonly string[];
  body: Buffer;
  /** What the function sees of it. */
  facts: HttpRequestFacts;
};

/** `handshake`: it is none to be run, and wants to hear this. `runId`: null: it came before. */
export type Received = { handshake: unknown } | { runId: string | null };

/** @throws Failure `unauthorized`, `not_found` where its function is gone, and those of accepting */
export async function receiveMessage(parts: ReceiveParts, target: Target, posted: Posted): Promise<Received> {
  const message = signedMessage(posted.rawHeaders, posted.body);
  const messageId = verify(target, message, parts.clock());
  const { verification } = target.trigger.settings;
  const handshake = verification === null ? null : handshakeOf(verification.scheme, message);
  if (handshake !== null) return { handshake };
  const run = newWebhookRun(target, posted.facts, parts.clock());
  const { id: triggerId } = target.trigger;
  const accepted = await parts.webhooks.accept({
    ...{ triggerId, messageId, run, sizeBytes: message.body.length },
  });
  if (accepted === 'gone') fail('not_found', { message: 'there is no webhook at this address' });
  return { runId: accepted === 'accepted' ? run.id : null };
}

/**
 * @returns what repetitions of the message have in common, where its scheme says so
 * @throws Failure `unauthorized`
 */
function verify({ trigger, secrets }: Target, message: SignedMessage, nowMs: number): string | null {
  const { verification } = trigger.settings;
  if (verification === null) return null;
  const { scheme, replayWindowS } = verification;
  const verdict = VERIFY[scheme](message, { secrets, replayWindowS, nowMs });
  if (!('refusal' in verdict)) return verdict.messageId;
  return fail('unauthorized', {
    message: `the message could not be verified as ${scheme}: ${verdict.refusal}`,
    facts: { scheme },
  });
}

function newWebhookRun({ trigger, fn }: Target, facts: HttpRequestFacts, nowMs: number): NewRun {
  return {
    id: newRunId(nowMs),
    accountId: trigger.accountId,
    mode: trigger.mode,
    functionId: trigger.functionId,
    input: { trigger: 'webhook', source: sourceOf(trigger, fn.name), request: facts },
    cause: { method: facts.method, path: facts.path, ip: facts.ip },
    triggerId: trigger.id,
    eventId: null,
    due: { afterMs: trigger.delayMs },
    version: null,
    replayOf: null,
  };
}

/** The address itself, by the name that its owner gave it; else by its function's. */
export function sourceOf(trigger: AddressTrigger, functionName: string): { id: string; name: string } {
  return { id: trigger.id, name: trigger.name ?? functionName };
}
