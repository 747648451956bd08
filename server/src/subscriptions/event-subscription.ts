// An event subscription: which events of an account go where, and how they look there. Pure data; checked by
// its dialect, kept by subscription-store.ts.
import type { World } from '../accounts/account.ts';

export const SUBSCRIPTION_METHODS = ['http', 'email'] as const;
export type SubscriptionMethod = (typeof SUBSCRIPTION_METHODS)[number];
export const DOCUMENT_FORMATS = ['json', 'xml', 'html'] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

/** `plain`: of Millrace's own API; `resource`: as the dialect of the subscription shows events. */
export const SUBSCRIPTION_SHAPES = ['resource', 'plain'] as const;
export type SubscriptionShape = (typeof SUBSCRIPTION_SHAPES)[number];

export type SubscriptionSettings = {
  /** How events look at the destination. */
  shape: SubscriptionShape;
  /** One of the installation's types or notations. */
  eventType: string;
  method: SubscriptionMethod;
  format: DocumentFormat;
  /** One URL, or e-mail addresses separated by commas. */
  destination: string;
  /** Comma-separated paths into the event's data. At most one of `show` and `hide` is set. */
  expand: string | null;
  show: string | null;
  hide: string | null;
  /** Only active ones get events. */
  active: boolean;
  /** Of the dates that we write. IANA name. */
  timeZone: string;
  comments: string | null;
  authorizationUsername: string | null;
  customHeaderName: string | null;
};

export type SubscriptionSecrets = {
  /** null: the account's signs (signature-key.ts), where it has one. */
  signatureKey: string | null;
  /** Signs as well, while receivers change from one key to the other; null: none. */
  formerSignatureKey: string | null;
  authorizationPassword: string | null;
  customHeaderValue: string | null;
  /** Go along with every event. */
  variables: Record<string, string>;
};

export type Subscription = World & SubscriptionSettings & SubscriptionSecrets & { id: string };

/** As it lies in the database. */
export type SealedSubscription = World &
  SubscriptionSettings & {
    id: string;
    sealedSecrets: Buffer;
    /** Grows with every change. */
    revision: number;
    createdAt: Date;
    modifiedAt: Date;
  };
