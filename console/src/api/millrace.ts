// Requests of the console: Millrace's own API, typed from its OpenAPI document, and nothing else. A client
// belongs to one account and mode, so an answer never lands in the view of another. Called by the screens.
import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from '../../../client/src/api-paths.ts';
import { steadyFetch } from './steady-fetch.ts';

export type { paths };
/** Shapes that have a name in the API's document. */
export type Schemas = components['schemas'];
export type Mode = 'live' | 'test';
/** null: of the person, not of an account. */
export type Scope = { account: string; mode: Mode } | null;
export type Millrace = Client<paths>;

/** What the server refuses, with what it says of it. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  /** Of the request, where one field is wrong. */
  readonly field: string | null;
  readonly reference: string | null;

  constructor(status: number, said: { code: string; message: string; field?: string; reference?: string }) {
    super(said.message);
    this.status = status;
    this.code = said.code;
    this.field = said.field ?? null;
    this.reference = said.reference ?? null;
  }

  /** What is wrong, to stand beside the field: its name in the API would say the same in other words. */
  get rule(): string {
    const prefix = `${this.field}: `;
    const rule = this.message.startsWith(prefix) ? this.message.slice(prefix.length) : this.message;
    return rule.charAt(0).toUpperCase() + rule.slice(1);
  }
}

const clients = new Map<string, Millrace>();

export function millraceOf(scope: Scope): Millrace {
  const key = scope === null ? '' : `${scope.account}/${scope.mode}`;
  const known = clients.get(key);
  if (known !== undefined) return known;
  const headers: Record<string, string> =
    scope === null ? {} : { 'Millrace-Account': scope.account, 'Millrace-Mode': scope.mode };
  const client = createClient<paths>({ baseUrl: '/millrace/v1', headers, fetch: steadyFetch });
  clients.set(key, client);
  return client;
}

/** Of an address that answers with a file as well: never where JSON is what is asked for. */
export function withoutText<T>(answer: T): Exclude<T, string> {
  if (typeof answer === 'string') throw new Error('text came where JSON was asked for');
  return answer as Exclude<T, string>;
}

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** What was answered. @throws Refusal */
export async function read<T>(request: Promise<Answer<T>>): Promise<T> {
  return (await readWithTag(request)).data;
}

/** The same with its tag, by which a change says what it was made of. @throws Refusal */
export async function readWithTag<T>(request: Promise<Answer<T>>): Promise<{ data: T; tag: string | null }> {
  const { data, error, response } = await request.catch(unreachable);
  if (response.ok) return { data: data as T, tag: response.headers.get('etag') };
  throw new Refusal(response.status, saidOf(error, response));
}

function unreachable(): never {
  throw new Refusal(0, { code: 'unreachable', message: 'The server does not answer.' });
}

function saidOf(error: unknown, response: Response): { code: string; message: string } {
  const said = (error as { error?: { code?: string; message?: string } } | undefined)?.error;
  const fallback = { code: 'unknown', message: `The server answered ${response.status}.` };
  return { ...fallback, ...said };
}
