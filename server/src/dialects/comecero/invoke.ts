// The door at /func/v1/<id>: a hosted function called over HTTP, by anyone who holds a token that may create
// hosted function executions (docs/specs/comecero.md 2.4). Token first, then the body is read, then the run;
// the function's answer is the answer.
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { runUrl, runView } from '../../api/run-view.ts';
import type { AcceptRun } from '../../gateway/accept-run.ts';
import { answerFailures } from '../../http/answer-failures.ts';
import { takeAnyContentType } from '../../http/any-content-type.ts';
import { type HttpAnswer, sendAnswer } from '../../http/http-answer.ts';
import { watchAddresses } from '../../http/known-addresses.ts';
import { limitBody } from '../../http/limit-body.ts';
import { prefersAsync } from '../../http/prefer.ts';
import type { PayloadLimitOf } from '../../limits/payload-limit.ts';
import { answerOf, type CallFunction } from '../../runs/call-function.ts';
import type { RunAdapter } from '../../runs/run-adapter.ts';
import { admitCallers, callerIn, whenDone } from '../../tokens/admit-callers.ts';
import { bearerToken, type Tokens } from '../../tokens/bearer.ts';
import type { Caller } from '../../tokens/caller.ts';
import { causeOf, inputOf } from './call-input.ts';
import { renderComeceroFailure } from './comecero-envelope.ts';
import { DIALECT } from './hosted-functions.ts';

export type InvokeParts = {
  tokens: Tokens;
  invoke: CallFunction;
  /** This dialect's: who calls here is answered in it, whichever dialect made the function. */
  adapter: RunAdapter;
  accept: AcceptRun;
  /**
   * Refuses a call whose account has as many runs going on as it may, before its body is read. @throws
   * Failure `too_many_runs`
   */
  requireRoom(accountId: string): void;
  log: Logger;
  /** Largest request body. */
  bodyLimitBytes: number;
  /** Of an account's own. */
  payloadLimitOf: PayloadLimitOf;
  /** Without a trailing slash. */
  publicUrl: string;
};

type InvokeRequest = FastifyRequest<{ Params: { id: string } }>;
type Answer = { answer: HttpAnswer; runId: string };

/** What suffices for every verb, and nothing less is enough: a call creates an execution. */
const PERMIT = { resource: 'hosted_function_executions', method: 'create' } as const;

/** @returns a plugin to be registered with `{ prefix: '/func/v1' }` */
export function comeceroInvoke(parts: InvokeParts): FastifyPluginAsync {
  return async (scope) => {
    answerFailures(scope, parts.log, renderComeceroFailure);
    takeAnyContentType(scope, 'buffer');
    const addresses = watchAddresses(scope);
    const admit = admitCallers(scope, {
      tokens: parts.tokens,
      dialect: DIALECT,
      tokenOf: presentedToken,
      missing: 'a token is needed, as "Authorization: Bearer <token>" or "?token=<token>"',
    });
    const admitted = admit(PERMIT);
    scope.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      url: '/:id',
      config: { permit: PERMIT },
      exposeHeadRoute: false,
      bodyLimit: parts.bodyLimitBytes,
      ...admitted,
      onRequest: [
        admitted.onRequest,
        whenDone((request) => {
          if (!prefersAsync(request.headers.prefer)) parts.requireRoom(callerIn(request).accountId);
        }),
      ],
      preParsing: limitBody((request) => parts.payloadLimitOf(callerIn(request).accountId)),
      handler: async (request, reply) => {
        const caller = callerIn(request);
        const call = request as InvokeRequest;
        const answering = prefersAsync(request.headers.prefer) ? accept : invoke;
        const { runId, answer } = await answering(parts, caller, call);
        sendAnswer(reply, answer, { accountId: caller.accountId, ours: { 'x-run-id': runId } });
      },
    });
    addresses.refuseOtherMethods();
  };
}

/** The header wins; a header of another scheme is the function's own affair. */
function presentedToken(request: FastifyRequest): string | null {
  const bearer = bearerToken(request.headers.authorization);
  if (bearer !== null) return bearer;
  const { token } = request.query as { token?: unknown };
  return typeof token === 'string' && token !== '' ? token : null;
}

async function invoke(
  { invoke, adapter }: InvokeParts,
  world: Caller,
  request: InvokeRequest,
): Promise<Answer> {
  const input = inputOf(request, Date.now());
  const { id: functionId } = request.params;
  const result = await invoke({ world, functionId, input, cause: causeOf(input), adapter });
  return { answer: answerOf(result), runId: result.runId };
}

/** Nobody waits for the run: its input is on disk before the answer. */
async function accept(parts: InvokeParts, caller: Caller, request: InvokeRequest): Promise<Answer> {
  const input = inputOf(request, Date.now());
  const run = await parts.accept({
    world: { accountId: caller.accountId, mode: caller.mode },
    functionId: request.params.id,
    input,
    cause: causeOf(input),
  });
  const headers = {
    'content-type': 'application/json',
    'preference-applied': 'respond-async',
    location: runUrl(parts.publicUrl, run.id),
  };
  return { answer: { status: 202, headers, body: JSON.stringify(runView(run)) }, runId: run.id };
}
