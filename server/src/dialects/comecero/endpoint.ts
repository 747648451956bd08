// What an endpoint of the management API is: where it is served, what it needs to be permitted, and how it
// answers. The frame (comecero-api.ts) does what all have in common; an endpoint only reads, acts and returns
// an Answer.
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Mode, World } from '../../accounts/account.ts';
import type { Caller, Permit } from '../../tokens/caller.ts';
import { LIMITED_LIFE_MS } from '../../tokens/token-format.ts';
import type { ListQuery } from './list-query.ts';
import type { View } from './resource-view.ts';

/**
 * Goes with every answer to a limited token, its birth included: how long it lives if it isn't used again.
 */
export const LIMITED_LIFE_HEADERS = { 'x-token-expires-in-seconds': String(LIMITED_LIFE_MS / 1000) };

/** Query parameters, each given once. */
export type Query = Readonly<Record<string, string>>;

export type OpenRequest = {
  /** null where no token was sent. */
  caller: Caller | null;
  /** Path parameters: letters, digits, `_` and `-` only. */
  params: Readonly<Record<string, string>>;
  query: Query;
  /** The parsed JSON body, `undefined` where there was none. Unchecked. */
  body: unknown;
  /** For what the frame doesn't offer: multipart parts, the remote address. */
  http: FastifyRequest;
};

export type ApiRequest = OpenRequest & {
  caller: Caller;
  /** The world that the caller's token opens: hand it to every store. */
  world: World;
};

type Place = {
  method: 'GET' | 'POST' | 'DELETE';
  /** Below /api/v1, e.g. `/auths/:id`. */
  path: string;
  /** What is read of the body; members beside it are reported as ignored. Absent: nothing is read. */
  takes?: z.ZodType;
};

/** `any_token`: anyone who holds a valid token. */
export type ProtectedEndpoint = Place & {
  permit: Permit | 'any_token';
  /** Whole request body in bytes, where it isn't the server's default. */
  bodyLimitBytes?: number;
  answer: (request: ApiRequest) => Promise<Answer>;
};

/** Served without a token; one that is sent must still be valid. */
export type OpenEndpoint = Place & {
  permit: 'anyone';
  answerAnyone: (request: OpenRequest) => Promise<Answer>;
};

export type Endpoint = ProtectedEndpoint | OpenEndpoint;

/**
 * Views may hold Dates: the frame writes them in the time zone that was asked for. `show` and `hide` are
 * applied to them.
 */
export type Answer =
  | { kind: 'resource'; status: 200 | 201 | 502; view: View; headers: Record<string, string> }
  | { kind: 'list'; views: View[]; totalItems: number; query: ListQuery }
  | { kind: 'page'; views: View[]; items: PageItems }
  | { kind: 'nothing' };

/**
 * Ids of the items behind which the next page begins, and before which the one before ends; null: there is
 * none.
 */
export type PageItems = { after: string | null; before: string | null };

/** A resource that was read or changed: 200. */
export function found(view: View, headers: Record<string, string> = {}): Answer {
  return { kind: 'resource', status: 200, view, headers };
}

/** A resource that was made: 201. */
export function created(view: View, headers: Record<string, string> = {}): Answer {
  return { kind: 'resource', status: 201, view, headers };
}

/** One page of a list. @param totalItems of the whole list */
export function listed(views: View[], totalItems: number, query: ListQuery): Answer {
  return { kind: 'list', views, totalItems, query };
}

/** One page of a list that is too long to be counted. */
export function paged(views: View[], items: PageItems): Answer {
  return { kind: 'page', views, items };
}

/** What another server answered without success: 502. */
export function badGateway(view: View): Answer {
  return { kind: 'resource', status: 502, view, headers: {} };
}

/** Done, and nothing to say: 204. */
export function nothing(): Answer {
  return { kind: 'nothing' };
}

/** Names of {@link commonFields}. */
export const COMMON_FIELDS = ['account_id', 'test', 'url'] as const;

/** What every resource carries besides its own fields (docs/specs/comecero.md 1.1). */
export function commonFields(world: World, url: string): { account_id: string; test: boolean; url: string } {
  return { account_id: world.accountId, test: isTest(world.mode), url };
}

export function isTest(mode: Mode): boolean {
  return mode === 'test';
}

/**
 * Absolute API address of a resource: the console posts to it, so it starts with the platform's public
 * address.
 */
export function resourceUrl(publicUrl: string, path: string): string {
  return `${publicUrl}/api/v1${path}`;
}
