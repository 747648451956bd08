// The door at /fn/<uuid>: a function called over HTTP by whoever knows the address, answered by its run. GET, HEAD and POST.
// Allow-list first, then the body is read, then the run. What an outcome means in HTTP is the dialect's to say, or function-answer.ts.
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.ts';
import type { InvokeFunction } from '../gateway/invoke-function.ts';
import { answerFailures } from '../http/answer-failures.ts';
import { takeAnyContentType } from '../http/any-content-type.ts';
import { renderPlainFailure } from '../http/failure-renderer.ts';
import type { HttpAnswer } from '../http/http-answer.ts';
import { sendAnswer } from '../http/http-answer.ts';
import { watchAddresses } from '../http/known-addresses.ts';
import { limitBody } from '../http/limit-body.ts';
import { setOwner } from '../http/request-owner.ts';
import type { PayloadLimitOf } from '../limits/payload-limit.ts';
import { adapterOf } from '../runs/adapter-of.ts';
import type { Interpretation } from '../runs/execute-run.ts';
import { answerFault, functionAnswer } from '../runs/function-answer.ts';
import type { RunAdapter, RunAdapters } from '../runs/run-adapter.ts';
import type { RunInput } from '../runs/run-input.ts';
import type { Outcome, RunError } from '../sandbox/outcome.ts';
import { findTarget, type Target, type TargetParts } from './find-target.ts';
import { httpRequestFacts } from './http-request-facts.ts';
import { sourceOf } from './webhook-door.ts';

export type FunctionUrlParts = TargetParts & {
  invoke: InvokeFunction;
  /** Refuses a call whose account has as many runs going on as it may, before its body is read. @throws Failure `too_many_runs` */
  requireRoom(accountId: string): void;
  adapters: RunAdapters;
  clock: Clock;
  log: Logger;
  bodyLimitBytes: number;
  /** Of an account's own. */
  payloadLimitOf: PayloadLimitOf;
};

type Answer = HttpAnswer & { runId: string };

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
        const { runId, ...answer } = await invoke(parts, target, request);
        sendAnswer(reply, answer, { accountId: target.trigger.accountId, ours: { 'x-run-id': runId } });
      },
    });
    addresses.refuseOtherMethods();
  };
}

async function invoke(parts: FunctionUrlParts, target: Target, request: FastifyRequest): Promise<Answer> {
  const { trigger } = target;
  const adapter = adapterOf(parts.adapters, target.fn);
  const facts = httpRequestFacts(request, parts.clock());
  const input: RunInput = {
    ...{ trigger: 'function_url', source: sourceOf(trigger, target.fn.name) },
    // A HEAD is answered as the GET would be, without its body.
    request: facts.method === 'HEAD' ? { ...facts, method: 'GET' } : facts,
  };
  return await parts.invoke<Answer>({
    world: trigger,
    functionId: trigger.functionId,
    trigger: 'function_url',
    cause: { method: facts.method, path: facts.path, ip: facts.ip },
    input: () => input,
    event: (runId, fn) => adapter.eventOf(input, { runId, fn, attempt: 1 }),
    interpret: (outcome, runId) => interpret(adapter, outcome, runId),
  });
}

function interpret(adapter: RunAdapter, outcome: Outcome, runId: string): Interpretation<Answer> {
  const fault =
    outcome.end === 'returned'
      ? (adapter.faultOf(outcome, { trigger: 'function_url', isAwaited: true }) ?? ownFault(adapter, outcome))
      : null;
  const told: Outcome = fault === null ? outcome : { end: 'threw', error: fault };
  const answer = adapter.responseOf?.(told, runId) ?? functionAnswer(told, runId);
  return { response: { ...answer, runId }, responseStatus: answer.status, fault };
}

/** Where the platform's own rule answers. */
function ownFault(adapter: RunAdapter, outcome: Outcome): RunError | null {
  return adapter.responseOf === undefined ? answerFault(outcome) : null;
}
