// Idempotency-Key: a POST that is sent again with the same key does nothing again, and gets the first one's
// answer. What a request makes and its answer are committed together, where it makes it in the database
// alone. Where it does more (calls a function, sends a mail, unpacks code), the key is taken before, so that
// a request that was cut off is refused afterwards, not repeated. Called by millrace-api.ts.
import { createHash } from 'node:crypto';
import {
  dropKey,
  findKey,
  insertKey,
  type KeyOf,
  setAnswer,
  tryLockKey,
  type UsedKey,
} from '../accounts/idempotency-key-store.ts';
import type { AccountKeys } from '../environment/account-keys.ts';
import { Failure, fail } from '../errors/failure.ts';
import type { Database } from '../postgres/database.ts';
import type { Threads } from '../threads/thread-pool.ts';
import { createAccountTurns } from './account-turns.ts';
import { type ApiEndpoint, ApiReply, type ApiRequest } from './millrace-api.ts';
import { hashRequest } from './request-hash.ts';

/** What was answered to the first request with this key. */
export class Replayed {
  readonly answer: unknown;

  constructor(answer: unknown) {
    this.answer = answer;
  }
}

export type IdempotentRequests = (
  endpoint: ApiEndpoint,
  request: ApiRequest,
  work: () => Promise<unknown>,
) => Promise<unknown>;

type Parts = {
  database: Database;
  keys: Pick<AccountKeys, 'seal' | 'unseal'>;
  threads: Pick<Threads, 'run'>;
};

const HEADER = 'Idempotency-Key';
const KEY = /^[\x21-\x7e]{1,255}$/;
/** A larger answer isn't kept: its request is refused when it comes again. */
const MOST_ANSWER_BYTES = 64 * 1024;
/** Each holds a connection that others need. */
const AT_ONCE = 3;

export function createIdempotentRequests(parts: Parts): IdempotentRequests {
  const turns = createAccountTurns({ atOnce: AT_ONCE, what: `requests with ${HEADER}` });
  return async (endpoint, request, work) => {
    const { 'idempotency-key': header } = request.headers;
    if (header === undefined || endpoint.method !== 'POST') return await work();
    const key = keyOf(request, header);
    const requestHash = await hashRequest(parts.threads, endpoint, request);
    const used = await findKey(parts.database, key);
    if (used !== null) return await replay(parts, key, used, requestHash);
    if (endpoint.status !== 201 || endpoint.madeApart === true) {
      return await atMostOnce(parts, key, requestHash, work);
    }
    return await turns(key.accountId, () => withWhatItMakes(parts, key, requestHash, work));
  };
}

function keyOf({ world }: ApiRequest, header: string | string[]): KeyOf {
  if (typeof header !== 'string' || !KEY.test(header)) {
    fail('invalid_input', {
      message: `${HEADER}: must be 1 to 255 characters of ASCII without blanks`,
      field: HEADER,
    });
  }
  return { ...world, keyHash: createHash('sha256').update(header).digest() };
}

async function withWhatItMakes(
  { database, keys }: Parts,
  key: KeyOf,
  requestHash: Buffer,
  work: () => Promise<unknown>,
): Promise<unknown> {
  return await database.sharedTransaction(async (sql) => {
    if (!(await tryLockKey(sql, key))) refuseGoingOn();
    const used = await findKey(sql, key);
    if (used !== null) return await replay({ keys }, key, used, requestHash);
    const answer = await work();
    const sealedAnswer = await sealAnswer(keys, key, answer);
    if (!(await insertKey(sql, key, { requestHash, sealedAnswer }))) refuseGoingOn();
    return answer;
  });
}

async function atMostOnce(
  { database, keys }: Parts,
  key: KeyOf,
  requestHash: Buffer,
  work: () => Promise<unknown>,
): Promise<unknown> {
  if (!(await insertKey(database, key, { requestHash, sealedAnswer: null }))) {
    return await replay({ keys }, key, (await findKey(database, key)) ?? refuseGoingOn(), requestHash);
  }
  let answer: unknown;
  try {
    answer = await work();
  } catch (error) {
    // What is refused has made nothing. Of anything else it isn't known.
    if (error instanceof Failure) await dropKey(database, key);
    throw error;
  }
  const sealed = await sealAnswer(keys, key, answer);
  if (sealed !== null) await setAnswer(database, key, sealed);
  return answer;
}

async function replay(
  { keys }: Pick<Parts, 'keys'>,
  key: KeyOf,
  { requestHash, sealedAnswer }: UsedKey,
  asked: Buffer,
): Promise<Replayed> {
  if (!requestHash.equals(asked)) {
    fail('invalid_state', {
      message: `${HEADER}: it was used for another request, or by another caller: take another key`,
      field: HEADER,
    });
  }
  if (sealedAnswer === null) refuseGoingOn();
  const opened = JSON.parse((await keys.unseal(sealedAnswer, contextOf(key))).toString()) as Kept;
  const { reply, answer } = opened;
  return new Replayed(reply === undefined ? answer : new ApiReply(reply.status, reply.headers, reply.body));
}

type Kept = {
  answer?: unknown;
  reply?: { status: number; headers: Record<string, string>; body: unknown };
};

/** null: it is too large to be kept. */
async function sealAnswer(keys: Parts['keys'], key: KeyOf, answer: unknown): Promise<Buffer | null> {
  if (answer instanceof ApiReply && answer.body instanceof Uint8Array) return null;
  const kept: Kept =
    answer instanceof ApiReply
      ? { reply: { status: answer.status, headers: answer.headers, body: answer.body } }
      : { answer };
  const text = Buffer.from(JSON.stringify(kept));
  return text.length > MOST_ANSWER_BYTES ? null : await keys.seal(text, contextOf(key));
}

function contextOf({ accountId, mode, keyHash }: KeyOf) {
  return { accountId, purpose: `answer to ${mode} ${keyHash.toString('hex')}` };
}

function refuseGoingOn(): never {
  return fail('conflict', {
    message: `${HEADER}: its request goes on, or its answer was lost: look whether it is done, or take another key`,
    field: HEADER,
  });
}
