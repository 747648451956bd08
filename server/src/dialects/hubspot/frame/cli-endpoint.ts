// What an endpoint that HubSpot's CLI calls is: where it is served, what it needs to be permitted, and how it
// answers. The frame (cli-api.ts) does what all have in common.
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { World } from '../../../accounts/account.ts';
import type { Caller, Permit } from '../../../tokens/caller.ts';

export type CliRequest = {
  caller: Caller;
  /** The world that the caller's token opens: hand it to every store. */
  world: World;
  /** Path parameters, decoded. */
  params: Readonly<Record<string, string>>;
  /** What stands behind the address of an endpoint that ends in `*`: decoded. */
  rest: string;
  /** Of each name the first value; what an endpoint doesn't know it ignores. */
  query: Readonly<Record<string, string>>;
  /** The parsed JSON body, unchecked; `undefined` where there was none. */
  body: unknown;
  http: FastifyRequest;
};

/** For addresses that are called without a token, or that make one. */
export type OpenCliRequest = Omit<CliRequest, 'caller' | 'world'>;

export type CliAnswer =
  | { kind: 'json'; status: number; body: unknown }
  | { kind: 'text'; status: number; text: string }
  | { kind: 'bytes'; headers: Record<string, string>; bytes: Buffer }
  | { kind: 'nothing' };

type Place = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  /** One of the folders of addresses that the CLI calls: each is a scope of its own. */
  prefix: string;
  path: string;
  bodyLimitBytes?: number;
  /** What is read of a JSON body; members beside it are reported as ignored. Absent: nothing is read. */
  takes?: z.ZodType;
};

export type ProtectedCliEndpoint = Place & {
  permit: Permit | 'any_token';
  answer: (request: CliRequest) => Promise<CliAnswer>;
};
export type OpenCliEndpoint = Place & {
  permit: 'anyone';
  answerAnyone: (request: OpenCliRequest) => Promise<CliAnswer>;
};
export type CliEndpoint = ProtectedCliEndpoint | OpenCliEndpoint;

export function json(body: unknown, status = 200): CliAnswer {
  return { kind: 'json', status, body };
}

export function nothing(): CliAnswer {
  return { kind: 'nothing' };
}
