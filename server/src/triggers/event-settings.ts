// The settings of a trigger that account events fire: which notations, of which campaigns and shops. Checks
// their shape; whether a notation is known is the catalogue's to say (events/event-catalogue.ts): an import
// may hold any. Pure.
import { z } from 'zod';
import { readInput, storableText } from '../http/read-input.ts';
import { isNotation, NOTATION_CHARACTERS, NOTATION_RULE } from './notation.ts';
import type { EventTriggerSettings } from './trigger.ts';

const MOST_NOTATIONS = 100;
const MOST_FILTERS = 200;
const FILTER_CHARACTERS = 200;

const notation = z
  .string('must be text')
  .max(NOTATION_CHARACTERS, NOTATION_RULE)
  .refine(isNotation, NOTATION_RULE);
const filters = z
  .array(storableText(FILTER_CHARACTERS).refine((text) => text !== '', 'must not be empty'))
  .max(MOST_FILTERS);

export const eventSettingsSchema = z.strictObject({
  notations: z.array(notation).min(1, 'must name at least one').max(MOST_NOTATIONS),
  campaigns: filters.default([]),
  shops: filters.default([]),
});

/** @throws Failure `invalid_input` naming the field below `settings` */
export function readEventSettings(value: unknown): EventTriggerSettings {
  const { settings } = readInput(
    z.object({ settings: eventSettingsSchema }),
    { settings: value },
    'settings',
  );
  const unique = (texts: string[]): string[] => [...new Set(texts)];
  return {
    notations: unique(settings.notations),
    campaigns: unique(settings.campaigns),
    shops: unique(settings.shops),
  };
}
