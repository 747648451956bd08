// Where a subscription delivers to, read from its text. Pure.
import type { SubscriptionMethod } from './event-subscription.ts';

export type Destination = { kind: 'http'; url: URL } | { kind: 'email'; addresses: string[] };

export const MOST_DESTINATION_LENGTH = 2_000;
const MOST_ADDRESSES = 20;
/** What SMTP takes without quoting, in ASCII; a domain with a dot. */
const ADDRESS =
  /^(?=.{3,254}$)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}$/;

/** @returns the destination, or the rule that the text breaks */
export function readDestination(method: SubscriptionMethod, text: string): Destination | { problem: string } {
  if (text.length > MOST_DESTINATION_LENGTH) {
    return { problem: `must have at most ${MOST_DESTINATION_LENGTH} characters` };
  }
  return method === 'email' ? readAddresses(text) : readUrl(text);
}

function readUrl(text: string): Destination | { problem: string } {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return { problem: 'must be one address that begins with http:// or https://' };
  }
  if (url.username !== '' || url.password !== '') {
    return {
      problem: 'must not hold a user name or a password: there are fields for them',
    };
  }
  url.hash = '';
  return { kind: 'http', url };
}

function readAddresses(text: string): Destination | { problem: string } {
  const addresses = text.split(',').map((address) => address.trim());
  const wrong = addresses.find((address) => !ADDRESS.test(address));
  if (wrong !== undefined) {
    return {
      problem: `must be e-mail addresses separated by commas, and ${JSON.stringify(wrong.slice(0, 100))} is none`,
    };
  }
  if (addresses.length > MOST_ADDRESSES)
    return { problem: `must be at most ${MOST_ADDRESSES} e-mail addresses` };
  return { kind: 'email', addresses };
}
