// Reads a trigger as the API takes it: what all kinds have in common here, what a kind is set to in
// trigger-settings.ts. Pure.

import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { readInput, storableText } from '../http/read-input.ts';
import { OWN_TRIGGER_KINDS, type Trigger } from './trigger.ts';
import { type ReadSettings, readTriggerSettings } from './trigger-settings.ts';

/** How long a run may be put off, if it is put off at all. ms */
export type DelayBounds = { delayLeastMs: number; delayMostMs: number };

export type NewTriggerFields = ReadSettings & {
  functionId: string;
  kind: Trigger['kind'];
  name: string | null;
  enabled: boolean;
  delayMs: number;
};

/** What is absent stays. */
export type TriggerChange = Partial<Pick<NewTriggerFields, 'name' | 'enabled' | 'delayMs'>> &
  Partial<ReadSettings>;

const NAME_CHARACTERS = 200;
const FUNCTION_ID = /^[0-9A-Za-z_-]{1,64}$/;

const common = {
  name: storableText(NAME_CHARACTERS).nullable(),
  enabled: z.boolean(),
  delay_ms: z.int(),
};

export const newTriggerSchema = z.strictObject({
  function_id: z.string().regex(FUNCTION_ID, 'must be the id of a function'),
  kind: z.enum(OWN_TRIGGER_KINDS),
  ...{ name: common.name.default(null), enabled: common.enabled.default(true) },
  delay_ms: common.delay_ms.default(0),
  settings: z.unknown().optional().describe('by kind: see docs/triggers.md'),
});

export const triggerChangeSchema = z
  .strictObject({ ...common, settings: z.unknown().describe('the whole of them') })
  .partial();

/** @throws Failure `invalid_input` naming the field */
export function readNewTrigger(body: unknown, bounds: DelayBounds, nowMs: number): NewTriggerFields {
  const read = readInput(newTriggerSchema, body, 'the request body');
  requireDelay(read.kind, read.delay_ms, bounds);
  return {
    functionId: read.function_id,
    kind: read.kind,
    name: read.name,
    enabled: read.enabled,
    delayMs: read.delay_ms,
    ...readTriggerSettings(read.kind, read.settings, { before: null, nowMs }),
  };
}

/** @throws Failure `invalid_input` naming the field */
export function readTriggerChange(
  body: unknown,
  before: Pick<Trigger, 'kind' | 'settings'>,
  { bounds, nowMs }: { bounds: DelayBounds; nowMs: number },
): TriggerChange {
  const read = readInput(triggerChangeSchema, body, 'the request body');
  const change: TriggerChange = {};
  if (read.name !== undefined) change.name = read.name;
  if (read.enabled !== undefined) change.enabled = read.enabled;
  if (read.delay_ms !== undefined) {
    requireDelay(before.kind, read.delay_ms, bounds);
    change.delayMs = read.delay_ms;
  }
  if (read.settings === undefined) return change;
  const facts = { before: before.settings, nowMs };
  return { ...change, ...readTriggerSettings(before.kind, read.settings, facts) };
}

/** At once, or within the bounds; only asynchronous causes that have no time of their own. */
function requireDelay(kind: Trigger['kind'], delayMs: number, bounds: DelayBounds): void {
  const { delayLeastMs, delayMostMs } = bounds;
  if (delayMs === 0) return;
  if (kind !== 'account_event' && kind !== 'webhook') {
    fail('invalid_input', {
      message: `delay_ms: must be 0 for ${kind}: only account_event and webhook can be put off`,
      field: 'delay_ms',
    });
  }
  if (delayMs < delayLeastMs || delayMs > delayMostMs) {
    fail('invalid_input', {
      message: `delay_ms: must be 0, or from ${delayLeastMs} to ${delayMostMs}`,
      field: 'delay_ms',
      facts: { leastMs: delayLeastMs, mostMs: delayMostMs },
    });
  }
}
