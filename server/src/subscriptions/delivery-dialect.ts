// What a dialect brings to deliveries: how the event looks, how it is signed, where its functions answer.
// Types only; roles/ hands one over.
import type { World } from '../accounts/account.ts';
import type { AccountEvent, HttpRequestFacts } from '../runs/run-input.ts';
import type { Subscription } from './event-subscription.ts';

export type DocumentFacts = {
  subscription: Subscription;
  /** Id of the delivery: the same with every attempt. */
  deliveryId: string;
  createdAt: Date;
  event: Pick<AccountEvent, 'id' | 'type'>;
  /** The event's data, children expanded, nothing cut. */
  data: unknown;
};

/** What of a subscription its headers depend on. */
export type SentBy = World & Pick<Subscription, 'shape'>;

export type DeliveryDialect = {
  /**
   * The event as it is sent, before it is written in a format. `show` and `hide` are the dialect's to apply.
   */
  documentOf(facts: DocumentFacts): Record<string, unknown>;
  /** Further headers over a body, which is signed with the key where there is one. */
  headersOf(subscription: SentBy, body: Buffer, signatureKey: string | null): Record<string, string>;
  /** Which of our functions answers at this address; null: none, it is another's. */
  functionAt(url: URL): string | null;
  /**
   * A request to one of our functions without the token that it might have borne: it needs none, and is kept.
   */
  withoutToken(request: HttpRequestFacts): HttpRequestFacts;
};
