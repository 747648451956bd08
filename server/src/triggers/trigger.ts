// What a trigger is, by kind. Pure data; read and checked in trigger-fields.ts, kept by trigger-store.ts.
import type { World } from '../accounts/account.ts';
import type { TriggerKind } from '../runs/run-input.ts';

/** Of what may start a function, what stands by itself and is set up by its owner. */
export const OWN_TRIGGER_KINDS = [
  'account_event',
  'webhook',
  'function_url',
  'schedule',
] as const satisfies readonly TriggerKind[];
export type OwnTriggerKind = (typeof OWN_TRIGGER_KINDS)[number];

export type EventTriggerSettings = {
  /** Types or notations; a longer notation is more specific. */
  notations: string[];
  /** Empty: of every campaign, of every shop. */
  campaigns: string[];
  shops: string[];
};

const VERIFICATION_SCHEMES = ['standard_webhooks', 'stripe', 'shopify', 'github', 'slack'] as const;
export type VerificationScheme = (typeof VERIFICATION_SCHEMES)[number];

export type AddressTriggerSettings = {
  /** Addresses and CIDRs, IPv4 and IPv6, that may call; null: everybody. */
  allowedIps: string[] | null;
  /** Checked before any code runs; its secret is sealed beside it. Webhooks only. */
  verification: { scheme: VerificationScheme; replayWindowS: number } | null;
};

export type CatchUp = { policy: 'skip' | 'once' } | { policy: 'all'; limit: number };

export type ScheduleTriggerSettings = {
  /** Five fields. */
  cron: string;
  /** IANA name. */
  timeZone: string;
  catchUp: CatchUp;
  /** What happens to a tick while the run of an earlier one isn't over. */
  overlap: 'allow' | 'skip' | 'queue_one';
};

type Base = World & {
  id: string;
  functionId: string;
  name: string | null;
  enabled: boolean;
  pausedAt: Date | null;
  /** Account events and webhooks only. */
  delayMs: number;
  createdAt: Date;
  modifiedAt: Date;
};

export type Trigger = Base &
  (
    | { kind: 'account_event'; settings: EventTriggerSettings }
    | { kind: 'webhook' | 'function_url'; settings: AddressTriggerSettings; address: string }
    | { kind: 'schedule'; settings: ScheduleTriggerSettings; nextTickAt: Date | null }
  );
