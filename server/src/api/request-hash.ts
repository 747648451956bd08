// What tells a request with an Idempotency-Key from another: a hash of who asks for what, with its body and
// upload. A large one is hashed in a thread: it would hold up the callers of others. Pure but for that.
import { createHash } from 'node:crypto';
import { jobOf } from '../threads/job.ts';
import type { Threads } from '../threads/thread-pool.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';

/** Less is hashed within a millisecond. */
const SMALL_BYTES = 64 * 1024;

type Told = { facts: unknown; content: Uint8Array | null };

const HASH = jobOf(import.meta.url, hashTold);

/** @returns SHA-256 */
export async function hashRequest(
  threads: Pick<Threads, 'run'>,
  endpoint: ApiEndpoint,
  request: ApiRequest,
): Promise<Buffer> {
  const { world, caller, params, query, body, upload, headers } = request;
  const facts = [caller.tokenId, endpoint.path, Object.entries(params).sort(), query, body ?? null];
  const told = { facts, content: upload?.content ?? null };
  // A body of unknown length counts as large.
  const bodyBytes = Number(headers['content-length'] ?? Number.POSITIVE_INFINITY);
  const hash = bodyBytes <= SMALL_BYTES ? hashTold(told) : await threads.run(HASH, world.accountId, told);
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength);
}

export function hashTold({ facts, content }: Told): Uint8Array {
  const hash = createHash('sha256').update(JSON.stringify(facts));
  return (content === null ? hash : hash.update('\0').update(content)).digest();
}
