// The door at /fn/<uuid>: a function called over HTTP by anyone who knows the address, answered by its run.
// GET, HEAD and POST. Allow-list first, then the body is read, then the run. What an outcome means in HTTP is
// for the function's dialect to say.
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.ts';
import { answerFailures } from '../http/answer-failures.ts';
import { takeAnyContentType } from '../http/any-content-type.ts';
import { renderPlainFailure } from '../http/failure-renderer.ts';
import { sendAnswer } from '../http/http-answer.ts';
import { watchAddresses } from '../http/known-addresses.ts';
import { limitBody } from '../http/limit-body.ts';
import { setOwner } from '../http/request-owner.ts';
import type { PayloadLimitOf } from '../limits/payload-limit.ts';
import { answerOf, type CallFunction, type CallResult } from '../runs/call-function.ts';
import { findTarget, type Target, type TargetParts } from './find-target.ts';
import { httpRequestFacts } from './http-request-facts.ts';
import { sourceOf } from './receive-message.ts';

export type FunctionUrlParts = TargetParts & {
  invoke: CallFunction;
  /**
   * Refuses a call whose account has as many runs going on as it may, before its body is read. @throws
   * Failure `too_many_runs`
   */
  requireRoom(accountId: string): void;
  clock: Clock;
  log: Logger;
  bodyLimitBytes: number;
  /** Of an account's own. */
  payloadLimitOf: PayloadLimitOf;
};

/** @returns a plugin to be registered with `{ prefix: '/fn' }` */
export function functionUrlDoor(parts: FunctionUrlParts): FastifyPluginAsync {
  return async (scope: FastifyInstance) => {
    answerFailures(scope, parts.log, renderPlainFailure);
    takeAnyContentType(scope, 'buffer');
    const addresses = watchAddresses(scope);
    scope.decorateRequest('target', null);
    scope.route({
      method: ['GET', 'HEAD', 'POST'],
      url: '/:address',
      exposeHeadRoute: false,
      bodyLimit: parts.bodyLimitBytes,
      preParsing: limitBody((request) =>
        parts.payloadLimitOf(request.getDecorator<Target>('target').trigger.accountId),
      ),
      onRequest: async (request) => {
        const target = await findTarget(parts, 'function_url', request);
        request.setDecorator('target', target);
        setOwner(request, target.trigger.accountId);
        parts.requireRoom(target.trigger.accountId);
      },
      handler: async (request, reply) => {
        const target = request.getDecorator<Target>('target');
        const result = await invoke(parts, target, request);
        const ours = { 'x-run-id': result.runId };
        sendAnswer(reply, answerOf(result), { accountId: target.trigger.accountId, ours });
      },
    });
    addresses.refuseOtherMethods();
  };
}

function invoke(parts: FunctionUrlParts, target: Target, request: FastifyRequest): Promise<CallResult> {
  const { trigger } = target;
  const facts = httpRequestFacts(request, parts.clock());
  return parts.invoke({
    world: trigger,
    functionId: trigger.functionId,
    input: {
      ...{ trigger: 'function_url', source: sourceOf(trigger, target.fn.name) },
      // A HEAD is answered as the GET would be, without its body.
      request: facts.method === 'HEAD' ? { ...facts, method: 'GET' } : facts,
    },
    cause: { method: facts.method, path: facts.path, ip: facts.ip },
  });
}
