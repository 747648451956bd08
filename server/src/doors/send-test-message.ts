// Sends a message to a webhook as its sender would, signed by the trigger's own secret, through the same
// check and the same queue: what its owner tries before the sender is given the address. Asks no allow-list,
// because nobody calls the address. Built by roles/mount-doors.ts; called by Millrace's own API.
import { randomUUID } from 'node:crypto';
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import type { Sql } from '../postgres/database.ts';
import { getTrigger } from '../triggers/trigger-store.ts';
import { requireEnabled, type Target, type TargetParts } from './find-target.ts';
import { type ReceiveParts, receiveMessage } from './receive-message.ts';
import { SIGN } from './sign-message.ts';

export type TestMessage = {
  body: string;
  contentType: string;
  /** Of the one who sends it. */
  ip: string;
};

/** `runId`: null: a message of the same id came before, so nothing runs. */
export type Sent = { runId: string | null; answer: unknown; headers: Record<string, string> };

export type SendTestMessage = (world: World, triggerId: string, message: TestMessage) => Promise<Sent>;

type Parts = TargetParts & ReceiveParts & { sql: Sql };

/** What a sender is answered, whatever the message. */
const OK = { result: 'OK' };
/** Signatures stand in no answer: one who reads it could send the message again. */
const SIGNATURE = /signature|hmac/i;

/** @returns what throws Failure `not_found`, `invalid_state` for another kind, `function_disabled` */
export function createTestSender(parts: Parts): SendTestMessage {
  return async (world, triggerId, { body, contentType, ip }) => {
    const target = await findTestTarget(parts, world, triggerId);
    const bytes = Buffer.from(body);
    const nowMs = parts.clock();
    const signed = signedHeaders(target, bytes, nowMs);
    const rawHeaders = ['Content-Type', contentType, 'User-Agent', 'Millrace-Test', ...signed];
    const received = await receiveMessage(parts, target, {
      rawHeaders,
      body: bytes,
      facts: {
        ...{ method: 'POST', path: `/hook/${target.trigger.address}`, query: '', rawHeaders, ip },
        ...{ body: body === '' ? null : body, isBase64: false, httpVersion: '1.1', receivedAtMs: nowMs },
      },
    });
    const headers = shownHeaders(rawHeaders);
    if ('handshake' in received) return { runId: null, answer: received.handshake, headers };
    return { runId: received.runId, answer: OK, headers };
  };
}

async function findTestTarget(parts: Parts, world: World, triggerId: string): Promise<Target> {
  const trigger = await getTrigger(parts.sql, world, triggerId);
  if (trigger === null) return fail('not_found', { message: 'there is no such trigger' });
  if (trigger.kind !== 'webhook') {
    return fail('invalid_state', { message: `a trigger of kind ${trigger.kind} takes no messages` });
  }
  const known = await parts.addresses.find(trigger.address);
  const fn = parts.functions.peek(trigger.functionId) ?? (await parts.functions.find(trigger.functionId));
  if (known === null || fn === null) return fail('not_found', { message: 'there is no such trigger' });
  const target = { ...known, fn };
  requireEnabled(target);
  return target;
}

function signedHeaders({ trigger, secrets }: Target, body: Buffer, nowMs: number): string[] {
  const { verification } = trigger.settings;
  const [secret] = secrets;
  if (verification === null || secret === undefined) return [];
  return SIGN[verification.scheme]({ secret, body, deliveryId: `test_${randomUUID()}`, nowMs });
}

function shownHeaders(rawHeaders: readonly string[]): Record<string, string> {
  const shown: Record<string, string> = {};
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    shown[name] = SIGNATURE.test(name) ? '****' : (rawHeaders[at + 1] as string);
  }
  return shown;
}
