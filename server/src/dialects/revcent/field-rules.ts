// The rules for single fields of a function, the same in the API and in an import file. Pure; composed by
// edit-fields.ts and import-file.ts.
import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { readCron } from '../../cron/cron-expression.ts';
import { timeZoneProblem } from '../../cron/time-zone.ts';
import { NAME_CHARACTERS, nameProblem } from '../../functions/function-name.ts';
import { isStorableText, storableText } from '../../http/read-input.ts';
import { isNotation, NOTATION_RULE } from '../../triggers/notation.ts';
import { ARGUMENT_TYPES, TIME_UNITS, type Timing } from './function-settings.ts';

const DESCRIPTION_CHARACTERS = 5_000;
const CODE_CHARACTERS = 2_000_000;
const LABEL_CHARACTERS = 250;
const MOST_ADDRESSES = 500;
const MOST_FILTERS = 200;
const MOST_ARGUMENTS = 50;
export const MOST_VARIABLES = 200;
const VALUE_CHARACTERS = 100_000;

/** Of a time that a run is put off by. */
export type DelayBounds = { delayLeastMs: number; delayMostMs: number };

export const name = z.string().superRefine((text, issues) => {
  const problem = nameProblem(text);
  if (problem !== null) issues.addIssue({ code: 'custom', message: problem });
});
export const description = storableText(DESCRIPTION_CHARACTERS);
export const author = storableText(LABEL_CHARACTERS);
export const functionCode = storableText(CODE_CHARACTERS);

export const notations = z
  .array(
    z
      .string()
      .max(NAME_CHARACTERS)
      .refine((text) => isNotation(text), NOTATION_RULE),
  )
  .max(MOST_FILTERS);
export const filters = z.array(storableText(LABEL_CHARACTERS)).max(MOST_FILTERS);

export const ipWhitelist = z
  .array(z.string().refine((text) => isIPv4(text), 'must be an IPv4 address: ranges are not supported'))
  .max(MOST_ADDRESSES);

export const cronExpression = z.string().superRefine((text, issues) => {
  const read = readCron(text);
  if ('problem' in read) issues.addIssue({ code: 'custom', message: read.problem });
});
export const cronTimezone = z.string().superRefine((text, issues) => {
  const problem = timeZoneProblem(text);
  if (problem !== null) issues.addIssue({ code: 'custom', message: problem });
});

/** As the page says: `time_unit` and `time_value` matter for `delay` alone. */
export const timing = z.object({
  option: z.enum(['immediate', 'delay']).default('immediate'),
  time_unit: z.string().optional(),
  time_value: z.union([z.number(), z.string()]).optional(),
});

export function readTiming(given: z.infer<typeof timing>): Timing | string {
  if (given.option === 'immediate') return { option: 'immediate' };
  const unit = TIME_UNITS.find((known) => known === given.time_unit);
  if (unit === undefined) return `time_unit must be ${TIME_UNITS.join(' or ')}`;
  const value = Number(given.time_value);
  if (!Number.isSafeInteger(value) || value <= 0) return 'time_value must be a whole number over 0';
  return { option: 'delay', unit, value };
}

/** Names may hold spaces: what is asked of them is what a process environment can hold. */
const variableName = z
  .string()
  .min(1, 'must not be empty')
  .max(LABEL_CHARACTERS)
  .refine((text) => isStorableText(text) && !text.includes('='), 'must not contain = or NUL');
const variableValue = storableText(VALUE_CHARACTERS);

export const variable = z.object({
  name: variableName,
  value: z.union([variableValue, z.number(), z.boolean()]).transform(String).nullish(),
  description: z.string().nullish(),
  encrypted: z.boolean().optional(),
  required: z.boolean().optional(),
  /** Ours: it is taken away. */
  delete: z.boolean().optional(),
});
export const variables = z.array(variable).max(MOST_VARIABLES);

export const dependencies = z.record(
  z.string().min(1).max(214),
  z.string().min(1, 'must name a version').max(256),
);

export const customArguments = z
  .array(
    z.object({
      name: z
        .string()
        .regex(
          /^[A-Za-z_][A-Za-z0-9_]{0,63}$/,
          'must begin with a letter and consist of letters, digits and _',
        ),
      type: z.enum(ARGUMENT_TYPES).default('string'),
      description: storableText(2_000).default(''),
      required: z.boolean().default(false),
    }),
  )
  .max(MOST_ARGUMENTS);
