// The door at /hook/<uuid>: a message from outside, POST only. Allow-list first, then the body is read, then
// the sender verified where the trigger says how; the answer goes out when the message is on disk, and is
// always the same. No code runs meanwhile.
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.ts';
import { fail } from '../errors/failure.ts';
import { answerFailures } from '../http/answer-failures.ts';
import { takeAnyContentType } from '../http/any-content-type.ts';
import { renderPlainFailure } from '../http/failure-renderer.ts';
import { CHANGES_NOTHING } from '../http/hold-answers.ts';
import { watchAddresses } from '../http/known-addresses.ts';
import { limitBody } from '../http/limit-body.ts';
import { setOwner } from '../http/request-owner.ts';
import { newRunId } from '../ids/ids.ts';
import type { PayloadLimitOf } from '../limits/payload-limit.ts';
import type { NewRun } from '../queue/new-run.ts';
import type { AcceptWebhook } from './accept-webhooks.ts';
import type { AddressTrigger } from './address-directory.ts';
import { findTarget, type Target, type TargetParts } from './find-target.ts';
import { bytesOf, httpRequestFacts } from './http-request-facts.ts';
import type { SignedMessage } from './signed-message.ts';
import { handshakeOf, signedMessage, VERIFY } from './verify-message.ts';

export type WebhookDoorParts = TargetParts & {
  webhooks: Pick<AcceptWebhook, 'accept'>;
  clock: Clock;
  log: Logger;
  bodyLimitBytes: number;
  /** Of an account's own. */
  payloadLimitOf: PayloadLimitOf;
};

/** The whole answer, whatever the message. */
const OK = '{"result":"OK"}';

/** @returns a plugin to be registered with `{ prefix: '/hook' }` */
export function webhookDoor(parts: WebhookDoorParts): FastifyPluginAsync {
  return async (scope: FastifyInstance) => {
    answerFailures(scope, parts.log, renderPlainFailure);
    takeAnyContentType(scope, 'buffer');
    const addresses = watchAddresses(scope);
    scope.decorateRequest('target', null);
    scope.route({
      method: 'POST',
      url: '/:address',
      config: CHANGES_NOTHING,
      bodyLimit: parts.bodyLimitBytes,
      preParsing: limitBody((request) =>
        parts.payloadLimitOf(request.getDecorator<Target>('target').trigger.accountId),
      ),
      onRequest: async (request) => {
        const target = await findTarget(parts, 'webhook', request);
        request.setDecorator('target', target);
        setOwner(request, target.trigger.accountId);
      },
      handler: (request, reply) => receive(parts, request, reply),
    });
    addresses.refuseOtherMethods();
  };
}

async function receive(
  parts: WebhookDoorParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const target = request.getDecorator<Target>('target');
  const message = signedMessage(request.raw.rawHeaders, bytesOf(request));
  const messageId = verify(target, message, parts.clock());
  const { verification } = target.trigger.settings;
  const handshake = verification === null ? null : handshakeOf(verification.scheme, message);
  if (handshake !== null) return reply.send(handshake);
  const run = newWebhookRun(target, request, parts.clock());
  const { id: triggerId } = target.trigger;
  const accepted = await parts.webhooks.accept({
    ...{ triggerId, messageId, run, sizeBytes: message.body.length },
  });
  if (accepted === 'gone') fail('not_found', { message: 'there is no webhook at this address' });
  if (accepted === 'accepted') reply.header('x-run-id', run.id);
  return reply.type('application/json').send(OK);
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

function newWebhookRun({ trigger, fn }: Target, request: FastifyRequest, nowMs: number): NewRun {
  const facts = httpRequestFacts(request, nowMs);
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
