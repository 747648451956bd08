// `@millrace/client`: Millrace's own API for programs. Requests and answers are typed by path, from the
// OpenAPI document; a refusal is thrown as a MillraceError; pages of lists are read one after the other. For
// Node 20 and browsers: imports nothing of Node.
import createFetchClient, { type MaybeOptionalInit } from 'openapi-fetch';
import type { PathsWithMethod, RequiredKeysOf } from 'openapi-typescript-helpers';
import type { components, paths } from './api-paths.ts';
import { MillraceError, readRefusal } from './millrace-error.ts';
import { eventsOf, type StreamedEvent } from './read-events.ts';
import { retryingFetch } from './retrying-fetch.ts';

export type { components, paths } from './api-paths.ts';
export { MillraceError, type Refusal } from './millrace-error.ts';
export type { StreamedEvent } from './read-events.ts';

/** Shapes that have a name, e.g. `Schemas['Run']`. */
export type Schemas = components['schemas'];

export type ClientOptions = {
  /** Of the installation, e.g. `https://millrace.example`. */
  url: string;
  /** Left out where a session's cookie says who calls. */
  token?: string;
  /** Account of a session, `Millrace-Account`. */
  account?: string;
  /** Tries of a request altogether, 4 where it is left out; 1: no retry. */
  tries?: number;
  fetch?: (request: Request) => Promise<Response>;
  /** Sent with every request. */
  headers?: Record<string, string>;
};

type Methods = 'get' | 'put' | 'post' | 'patch' | 'delete';
/** What an operation answers with this status. */
type BodyOf<Responses, Status extends number> = Status extends keyof Responses
  ? Responses[Status] extends { content: { 'application/json': infer Body } }
    ? Body
    : undefined
  : never;
/** What the good answers of an operation hold; 202 beside 200 is for those who ask not to wait. */
type AnswerOf<Operation> = Operation extends { responses: infer Responses }
  ? 200 extends keyof Responses
    ? BodyOf<Responses, 200>
    : BodyOf<Responses, 201 | 202> | (204 extends keyof Responses ? undefined : never)
  : never;
type Answer<Path extends keyof paths, Method extends Methods> = AnswerOf<paths[Path][Method]>;
type InitParam<Init> = RequiredKeysOf<Init> extends never ? [init?: Init] : [init: Init];

/** @returns the body of the answer; `undefined` where it has none */
export type Call<Method extends Methods> = <
  Path extends PathsWithMethod<paths, Method>,
  Init extends MaybeOptionalInit<paths[Path], Method>,
>(
  path: Path,
  ...init: InitParam<Init>
) => Promise<Answer<Path, Method>>;

type Page<Item> = { data: Item[]; next: string | null };
type PagedPath = {
  [Path in PathsWithMethod<paths, 'get'>]: Answer<Path, 'get'> extends Page<unknown> ? Path : never;
}[PathsWithMethod<paths, 'get'>];
type StreamPath = {
  [Path in PathsWithMethod<paths, 'get'>]: paths[Path]['get'] extends {
    responses: { 200: { content: { 'text/event-stream': unknown } } };
  }
    ? Path
    : never;
}[PathsWithMethod<paths, 'get'>];
type ItemOf<Path extends PagedPath> = Answer<Path, 'get'> extends Page<infer Item> ? Item : never;

export type MillraceClient = { [Method in Methods]: Call<Method> } & {
  /** Everything of a list: the next page is asked for when the one before has been gone through. */
  list<Path extends PagedPath, Init extends MaybeOptionalInit<paths[Path], 'get'>>(
    path: Path,
    ...init: InitParam<Init>
  ): AsyncGenerator<ItemOf<Path>, void, void>;
  /** Events as they happen, on and on; ended by leaving the loop, or by a `signal` among the options. */
  stream<Path extends StreamPath, Init extends MaybeOptionalInit<paths[Path], 'get'>>(
    path: Path,
    ...init: InitParam<Init>
  ): AsyncGenerator<StreamedEvent, void, void>;
};

const TRIES = 4;
/** Between two answers that go on. */
const REST_MS = 200;

/** Every call of what is returned throws MillraceError. */
export function createMillraceClient(options: ClientOptions): MillraceClient {
  const { url, token, account, headers = {} } = options;
  const api = createFetchClient<paths>({
    baseUrl: `${url.replace(/\/+$/, '')}/millrace/v1`,
    // Millrace leads nowhere else. Followed, a redirect takes bodies to any host, or makes a POST a GET.
    redirect: 'manual',
    headers: {
      ...headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(account === undefined ? {} : { 'millrace-account': account }),
    },
    fetch: retryingFetch({
      tries: options.tries ?? TRIES,
      fetch: options.fetch ?? ((request) => globalThis.fetch(request)),
      random: Math.random,
      wait,
    }),
  });
  const calls = {
    get: goodOf(api.GET as Asking),
    put: goodOf(api.PUT as Asking),
    post: goodOf(api.POST as Asking),
    patch: goodOf(api.PATCH as Asking),
    delete: goodOf(api.DELETE as Asking),
  };
  const list = (path: string, init?: Init) => everyItem(calls.get, path, init);
  const stream = (path: string, init: Init = {}) => {
    const open = (lastId: string | null) => {
      const headers = lastId === null ? {} : { 'last-event-id': lastId };
      return calls.get(path, { ...init, parseAs: 'stream', headers }) as Promise<ReadableStream<Uint8Array>>;
    };
    return eventsOf(open, () => wait(REST_MS, (init.signal ?? new AbortController().signal) as AbortSignal));
  };
  return { ...calls, list, stream } as unknown as MillraceClient;
}

type Init = { params?: { query?: Record<string, unknown> }; [key: string]: unknown };
type Asking = (path: string, init?: Init) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

function goodOf(ask: Asking): (path: string, init?: Init) => Promise<unknown> {
  return async (path, init) => {
    const { data, error, response } = await ask(path, init).catch((error: unknown) => {
      if (!(error instanceof SyntaxError)) throw error;
      throw new MillraceError(200, { code: 'unexpected_answer', message: `${path} is no JSON` });
    });
    if (response.ok) return data;
    const elsewhere = response.headers.get('location');
    if (elsewhere !== null || response.type === 'opaqueredirect') {
      const message = `status ${response.status}: it leads to ${elsewhere ?? 'another address'}`;
      throw new MillraceError(response.status, { code: 'unexpected_answer', message });
    }
    throw readRefusal(response.status, typeof error === 'string' ? error : JSON.stringify(error ?? ''));
  };
}

async function* everyItem(
  get: (path: string, init: Init) => Promise<unknown>,
  path: string,
  init: Init = {},
): AsyncGenerator<unknown, void, void> {
  let after: string | null = null;
  do {
    const query = { ...init.params?.query, ...(after === null ? {} : { after }) };
    const page = (await get(path, { ...init, params: { ...init.params, query } })) as Partial<Page<unknown>>;
    if (!Array.isArray(page?.data)) {
      throw new MillraceError(200, { code: 'unexpected_answer', message: `${path} is no list` });
    }
    yield* page.data;
    after = page.next ?? null;
  } while (after !== null);
}

/** @throws what the signal was aborted with */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve();
    }, ms);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
