// The retry policy of a function as the API has it: `{preset}`, or delays of one's own. Pure.
import { z } from 'zod';
import { RETRIED_FAULTS, type RetryPolicy } from '../functions/function.ts';

const MOST_RETRIES = 30;
const LONGEST_DELAY_S = 7 * 24 * 3600;
const POLICY_RULE = 'must be {preset: none, lambda or webhook}, or {delays_s, jitter, faults}';

const presetSchema = z
  .strictObject({ preset: z.enum(['none', 'lambda', 'webhook']) })
  .describe('`none`; `lambda`: after 1 and 2 minutes; `webhook`: three days of Standard Webhooks');
const ownSchema = z.strictObject({
  delays_s: z
    .array(z.number().min(0).max(LONGEST_DELAY_S))
    .max(MOST_RETRIES)
    .describe('seconds until each retry; their number is the number of retries'),
  jitter: z.number().min(0).max(1).default(0).describe('share of each delay that is left to chance'),
  faults: z
    .array(z.enum(RETRIED_FAULTS))
    .default([...RETRIED_FAULTS])
    .describe('ends that are tried again'),
});

export const retrySchema = z.union([presetSchema, ownSchema], POLICY_RULE);

export function readRetry(read: z.infer<typeof retrySchema>): RetryPolicy {
  if ('preset' in read) return read;
  return { delaysS: read.delays_s, jitter: read.jitter, faults: read.faults };
}

export function retryView(policy: RetryPolicy): z.input<typeof retrySchema> {
  if ('preset' in policy) return policy;
  return { delays_s: policy.delaysS, jitter: policy.jitter, faults: policy.faults };
}
