// Asks the installation's own resources for a child of an event: `GET <url>/<collection>/<id>` with the
// service's token. Says for which account it asks: the server that answers must not give one account's
// resource to another. Remembers nothing.
import type { World } from '../accounts/account.ts';
import type { SendOutbound } from '../http/outbound-request.ts';
import type { ResourceLink } from './expand-children.ts';

export type ResourceClientParts = {
  send: SendOutbound;
  /** Without a trailing slash. */
  url: string;
  token: string | null;
  timeoutMs: number;
};

const MOST_BODY_BYTES = 1024 * 1024;

/** @returns the child; throws an Error that says why there is none */
export type FetchResource = (world: World, link: ResourceLink, signal: AbortSignal) => Promise<unknown>;

export function createResourceClient({ send, url, token, timeoutMs }: ResourceClientParts): FetchResource {
  return async (world, { collection, id }, signal) => {
    const answer = await send(
      {
        method: 'GET',
        url: new URL(`${url}/${collection}/${id}`),
        headers: {
          accept: 'application/json',
          'user-agent': 'Millrace',
          'x-account-id': world.accountId,
          'x-test': String(world.mode === 'test'),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        body: null,
        timeoutMs,
        mostBodyBytes: MOST_BODY_BYTES,
      },
      signal,
    );
    if (answer.status !== 200) throw new Error(`the resource answered ${answer.status}`);
    if (answer.isCut) throw new Error(`the resource has more than ${MOST_BODY_BYTES} bytes`);
    return parseObject(answer.body);
  };
}

function parseObject(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error('the resource is not JSON', { cause });
  }
  if (value === null || typeof value !== 'object') throw new Error('the resource is not an object');
  return value;
}
