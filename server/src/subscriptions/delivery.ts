// One event on its way to one subscription.
//
//   queued ──attempt──► delivered
//     │  └──failure──► retry ──attempt──► delivered
//     │                  └──no retry left──► failed
//     └── given up at once ──► failed
//   delivered, retry, failed ──asked to be sent again──► queued
//
// While an attempt goes on the state stays what it was. Pure data.
import type { World } from '../accounts/account.ts';
import type { AccountEvent } from '../runs/run-input.ts';

export const DELIVERY_STATUSES = ['queued', 'delivered', 'retry', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export type Delivery = World & {
  id: string;
  subscriptionId: string;
  eventId: string;
  eventType: string;
  status: DeliveryStatus;
  /** Since it was last queued. */
  attempts: number;
  lastAttemptAt: Date | null;
  nextAttemptAt: Date | null;
  debug: string | null;
  createdAt: Date;
  modifiedAt: Date;
};

/** A delivery with what it is about. */
export type DeliveryWithEvent = Delivery & { event: AccountEvent };

/** What a node holds while it makes an attempt; what it writes counts only while `claims` is the row's. */
export type Claim = DeliveryWithEvent & {
  node: string;
  claims: number;
  /** Of the trace that its event was published in; null: of none. */
  traceparent: string | null;
};

/** How an attempt ended. */
export type AttemptEnd =
  | {
      end: 'delivered';
      /** What was amiss all the same; null: nothing. */
      remark: string | null;
    }
  | {
      end: 'failed';
      reason: string;
      /** The destination asked for at least so much time; null: it said nothing. */
      retryAfterMs: number | null;
      /** Trying again is no use. */
      isFinal: boolean;
    };

/** Nothing was attempted: the account's mail quota is used up. */
export type Postponement = { end: 'postponed'; reason: string; afterMs: number };

/** Longest text of {@link Delivery.debug}, in characters. */
export const MOST_DEBUG_LENGTH = 2_000;
