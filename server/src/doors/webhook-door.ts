// The door at /hook/<uuid>: a message from outside, POST only. Allow-list first, then the body is read, then
// the sender verified where the trigger says how; the answer goes out when the message is on disk, and is
// always the same. No code runs meanwhile.
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { answerFailures } from '../http/answer-failures.ts';
import { takeAnyContentType } from '../http/any-content-type.ts';
import { renderPlainFailure } from '../http/failure-renderer.ts';
import { CHANGES_NOTHING } from '../http/hold-answers.ts';
import { watchAddresses } from '../http/known-addresses.ts';
import { limitBody } from '../http/limit-body.ts';
import { setOwner } from '../http/request-owner.ts';
import type { PayloadLimitOf } from '../limits/payload-limit.ts';
import { findTarget, type Target, type TargetParts } from './find-target.ts';
import { bytesOf, httpRequestFacts } from './http-request-facts.ts';
import { type ReceiveParts, receiveMessage } from './receive-message.ts';

export type WebhookDoorParts = TargetParts &
  ReceiveParts & {
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
  const received = await receiveMessage(parts, request.getDecorator<Target>('target'), {
    rawHeaders: request.raw.rawHeaders,
    body: bytesOf(request),
    facts: httpRequestFacts(request, parts.clock()),
  });
  if ('handshake' in received) return reply.send(received.handshake);
  if (received.runId !== null) reply.header('x-run-id', received.runId);
  return reply.type('application/json').send(OK);
}
