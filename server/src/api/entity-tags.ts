// ETag and If-Match (RFC 9110), for every endpoint in one place: what one thing is answered with has a tag,
// and a change that names a tag is made only while that is still what is there. Two who change the same thing
// with the same tag take turns, over all nodes: the second is refused. Called by millrace-api.ts.
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { fail } from '../errors/failure.ts';

/**
 * Runs `work` while nobody else does so under the same name, over all nodes. @throws Failure
 * `too_many_requests`
 */
export type Exclusively = <T>(of: Exclusive, work: () => Promise<T>) => Promise<T>;
export type Exclusive = { accountId: string; name: string };

const TAG_CHARACTERS = 27;
const HEADER = 'If-Match';

/** @param content of the answer, as it is sent */
export function tagOf(content: string | Uint8Array): string {
  return `"${createHash('sha256').update(content).digest('base64url').slice(0, TAG_CHARACTERS)}"`;
}

/** Whether the caller has this already. */
export function isKnown({ 'if-none-match': header }: IncomingHttpHeaders, tag: string): boolean {
  return header !== undefined && (header.trim() === '*' || tagsIn(header).includes(tag));
}

type Change<T> = {
  headers: IncomingHttpHeaders;
  /** Whose turn it takes. */
  accountId: string;
  /** Of what is changed: the same for everybody who changes it. */
  name: string;
  /** The tag of what is there; null: the address has none. @throws Failure `not_found` */
  read: (() => Promise<string>) | null;
  work: () => Promise<T>;
};

/**
 * @throws Failure `precondition_failed` where something else is there, `invalid_input` where nothing has a
 * tag
 */
export async function whileMatching<T>(exclusively: Exclusively, change: Change<T>): Promise<T> {
  const { headers, accountId, name, read, work } = change;
  const { 'if-match': header } = headers;
  if (header === undefined) return await work();
  if (read === null)
    fail('invalid_input', { message: `${HEADER}: what is at this address has no ETag`, field: HEADER });
  return await exclusively({ accountId, name }, async () => {
    const tag = await read();
    if (header.trim() !== '*' && !tagsIn(header).includes(tag)) {
      fail('precondition_failed', {
        message: `${HEADER}: it was changed meanwhile: read it again`,
        field: HEADER,
        facts: { etag: tag },
      });
    }
    return await work();
  });
}

/** A weak one is equal to none. */
function tagsIn(header: string): string[] {
  return header.split(',').map((tag) => tag.trim());
}
