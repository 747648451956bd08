// Reads the body of a call: a small one at once, a large one in a thread, because a few megabytes of brackets
// or parts cost a hundred times what they weigh, and anyone may send them. Called by the endpoints' door.
import { isMultipartForm, requireFewParts } from '../../../http/multipart-form.ts';
import { jobOf } from '../../../threads/job.ts';
import type { Threads } from '../../../threads/thread-pool.ts';
import { type EndpointBody, readEndpointBody } from './endpoint-body.ts';
import { MOST_PAIRS } from './endpoint-params.ts';

/**
 * Bodies up to this size are read within some milliseconds, whatever is in them: forms cost more for what
 * they weigh.
 */
const SMALL_BYTES = 128 * 1024;
const SMALL_FORM_BYTES = 32 * 1024;

const FORM = /form/i;

const JOB = jobOf(import.meta.url, readInThread);

/** @throws Failure as {@link readEndpointBody} does */
export function readLargeBody(
  threads: Threads,
  accountId: string,
  { bytes, contentType }: { bytes: Buffer | null; contentType: string | null },
): EndpointBody | Promise<EndpointBody> {
  const isForm = contentType !== null && FORM.test(contentType);
  if (bytes === null || bytes.length <= (isForm ? SMALL_FORM_BYTES : SMALL_BYTES))
    return readEndpointBody(bytes, contentType);
  // Not worth a thread: counting is all that is done of it.
  if (contentType !== null && isMultipartForm(contentType)) requireFewParts(bytes, contentType, MOST_PAIRS);
  return threads.run(JOB, accountId, { bytes, contentType });
}

/** Runs in the thread, where bytes arrive as a plain Uint8Array. */
export function readInThread(input: { bytes: Uint8Array; contentType: string | null }): EndpointBody {
  const { buffer, byteOffset, byteLength } = input.bytes;
  return readEndpointBody(Buffer.from(buffer, byteOffset, byteLength), input.contentType);
}
