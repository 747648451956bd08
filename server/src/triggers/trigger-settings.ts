// Reads what a kind of trigger is set to: one reader a kind, each in a file of its own. Pure. Called by
// trigger-fields.ts.

import { fail } from '../errors/failure.ts';
import { readFunctionUrlSettings, readWebhookSettings } from './address-settings.ts';
import { readEventSettings } from './event-settings.ts';
import { readScheduleSettings } from './schedule-settings.ts';
import type { OwnTriggerKind, Trigger } from './trigger.ts';

/** What the reader may need to know besides. */
export type SettingsFacts = {
  /** The settings that these replace; null: of a new trigger. */
  before: Trigger['settings'] | null;
  /** Unix time in ms. */
  nowMs: number;
};

export type ReadSettings = {
  settings: Trigger['settings'];
  /** To be sealed beside them; null: there are none; absent: those that are there stay. */
  secrets?: Record<string, string> | null;
  /** Of a schedule: its next tick. */
  nextTickAt?: Date | null;
};

export type SettingsReader = (value: unknown, facts: SettingsFacts) => ReadSettings;

const READERS: Partial<Record<OwnTriggerKind, SettingsReader>> = {
  account_event: (value) => ({ settings: readEventSettings(value) }),
  webhook: readWebhookSettings,
  function_url: readFunctionUrlSettings,
  schedule: readScheduleSettings,
};

/** @throws Failure `invalid_input` naming the field below `settings` */
export function readTriggerSettings(
  kind: OwnTriggerKind,
  value: unknown,
  facts: SettingsFacts,
): ReadSettings {
  const read = READERS[kind];
  if (read === undefined) {
    return fail('invalid_input', { message: `kind: ${kind} can't be made here`, field: 'kind' });
  }
  return read(value, facts);
}
