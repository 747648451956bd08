// Everything that an owner sets on a function of this dialect besides its code, as this dialect names it.
// Kept whole, as it was given, so that what is shown, exported and edited is what was said; what the engine
// needs follows from it (trigger-of.ts).
import type { TriggerKind } from '../../runs/run-input.ts';

export const EVENT_SOURCES = [
  'account_event',
  'webhook',
  'function_url',
  'schedule',
  'flow',
  'email_template',
  'auto_query',
  'ai_assistant',
  'payment_profile',
  'api_direct',
] as const satisfies readonly TriggerKind[];
export type EventSource = (typeof EVENT_SOURCES)[number];

export type Timing = { option: 'immediate' } | { option: 'delay'; unit: TimeUnit; value: number };
export const TIME_UNITS = ['minutes', 'hours', 'days'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

const UNIT_MS: Record<TimeUnit, number> = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

export const ARGUMENT_TYPES = ['string', 'number', 'integer', 'boolean'] as const;

/** What an assistant, or a caller of the API, may hand to the function. */
export type CustomArgument = {
  name: string;
  type: (typeof ARGUMENT_TYPES)[number];
  description: string;
  required: boolean;
};

export type RevcentSettings = {
  author: string;
  eventSource: EventSource;
  /** Notations; of `account_event` only. */
  eventFilter: string[];
  campaignFilter: string[];
  shopFilter: string[];
  timing: Timing;
  cronExpression: string | null;
  cronTimezone: string;
  isIpRestricted: boolean;
  ipWhitelist: string[];
  customArguments: CustomArgument[];
  /** Name -> range, as asked for; what came of it stands with the build. */
  dependencies: Record<string, string>;
  /** Of each own variable: what its value is for. */
  variableNotes: Record<string, string>;
};

export const USUAL_REVCENT_SETTINGS: RevcentSettings = {
  author: '',
  eventSource: 'api_direct',
  ...{ eventFilter: [], campaignFilter: [], shopFilter: [] },
  timing: { option: 'immediate' },
  ...{ cronExpression: null, cronTimezone: 'UTC', isIpRestricted: false, ipWhitelist: [] },
  ...{ customArguments: [], dependencies: {}, variableNotes: {} },
};

export function delayMs(timing: Timing): number {
  return timing.option === 'immediate' ? 0 : timing.value * UNIT_MS[timing.unit];
}
