// The frame of every API and door that takes the platform's tokens: token, permission, and only then the
// body. It finds the caller, holds them against what the route permits, and keeps them for the handler; what
// anyone may call takes a few kilobytes. How a dialect's clients present a token, and what each route
// permits, the frames say; they read and answer themselves.
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { Failure, fail } from '../errors/failure.ts';
import { setOwner } from '../http/request-owner.ts';
import { requireDialect } from '../http/served-accounts.ts';
import { callerOf, type Tokens } from './bearer.ts';
import { type Caller, type Permit, requireLive, requirePermission } from './caller.ts';

/**
 * `any_token`: anyone who holds a valid token. `anyone`: also callers that show none; a token that is shown
 * must be valid.
 */
export type RoutePermit = Permit | readonly Permit[] | 'any_token' | 'anyone';

export type CallerFrame = {
  tokens: Tokens;
  /** null: the request presents none. @throws Failure `unauthorized` for one that can't be read */
  tokenOf(request: FastifyRequest): string | null;
  /** Who calls without a token, by being signed in; left out, or null: nobody. */
  signedIn?(request: FastifyRequest): Promise<Caller | null>;
  /** Whose clients call; left out: no dialect's. */
  dialect?: string;
  /** What is said where a token is needed and there is none. */
  missing: string;
  /** What is said of a token that isn't one; where it is left out, the platform's own words. */
  wrong?(token: string): string;
};

/** Largest body of an address that anyone may call. */
export const OPEN_BODY_BYTES = 16 * 1024;

const CALLER = 'caller';

/** What to spread into a route. */
export type AdmittedRoute = { onRequest: onRequestHookHandler; bodyLimit?: number };

/** @returns what makes a route of the scope admit its callers */
export function admitCallers(
  scope: FastifyInstance,
  frame: CallerFrame,
): (permit: RoutePermit, modes?: 'both' | 'live') => AdmittedRoute {
  scope.decorateRequest(CALLER, null);
  return (permit, modes = 'both') => ({
    onRequest: whenDone((request) => {
      const token = frame.tokenOf(request);
      if (token === null && permit === 'anyone') return;
      const admit = (caller: Caller): void => {
        if (frame.dialect !== undefined) requireDialect(request, caller.accountId, frame.dialect);
        requireAll(caller, permit);
        if (modes === 'live') requireLive(caller);
        request.setDecorator(CALLER, caller);
        setOwner(request, caller.accountId);
      };
      if (token === null) {
        const missing = (): never => fail('unauthorized', { message: frame.missing });
        return frame.signedIn === undefined
          ? missing()
          : frame.signedIn(request).then((caller) => admit(caller ?? missing()));
      }
      const found = callerOf(frame.tokens, token, request, frame.wrong);
      return found instanceof Promise ? found.then(admit) : admit(found);
    }),
    ...(permit === 'anyone' ? { bodyLimit: OPEN_BODY_BYTES } : {}),
  });
}

/** A hook that waits for a promise only where there is one: a promise more for every call is felt. */
export function whenDone(work: (request: FastifyRequest) => void | Promise<void>): onRequestHookHandler {
  return (request, _reply, done) => {
    let going: void | Promise<void>;
    try {
      going = work(request);
    } catch (error) {
      done(error as Error);
      return;
    }
    if (going instanceof Promise) going.then(() => done(), done);
    else done();
  };
}

/** Asked while an answer goes on: the caller is found anew, as for another request. */
export function isStillAdmitted(
  { onRequest }: AdmittedRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    onRequest.call(request.server, request, reply, (error?: Error) => {
      if (error === undefined) resolve(true);
      else if (error instanceof Failure) resolve(false);
      else reject(error);
    });
  });
}

/** Of a route that needs a token. */
export function callerIn(request: FastifyRequest): Caller {
  const caller = request.getDecorator<Caller | null>(CALLER);
  if (caller === null) throw new Error(`${request.url} was reached without a caller`);
  return caller;
}

/** Of a route that anyone may call; null: no token was shown. */
export function callerIfAny(request: FastifyRequest): Caller | null {
  return request.getDecorator<Caller | null>(CALLER);
}

function requireAll(caller: Caller, permit: RoutePermit): void {
  if (permit === 'anyone' || permit === 'any_token') return;
  if ('resource' in permit) requirePermission(caller, permit);
  else for (const one of permit) requirePermission(caller, one);
}
