// The shapes of events, their types and triggers in Millrace's own API, as zod schemas: they are what
// openapi.json shows.

import { z } from 'zod';
import { EVENT_STATES } from '../events/event-store.ts';
import {
  functionUrlSettingsSchema,
  verificationSchema,
  webhookSettingsSchema,
} from '../triggers/address-settings.ts';
import { eventSettingsSchema } from '../triggers/event-settings.ts';
import { scheduleSettingsSchema } from '../triggers/schedule-settings.ts';
import { OWN_TRIGGER_KINDS } from '../triggers/trigger.ts';
import { newTriggerSchema, triggerChangeSchema } from '../triggers/trigger-fields.ts';

const at = z.iso.datetime();

/** Secrets are never shown. */
const shownVerification = verificationSchema.omit({ secrets: true });

export const acceptedEventsSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      notations: z.array(z.string()).describe('what it can be heard under, most specific first'),
      runs: z.array(z.uuid()).describe('the runs that it has started'),
      duplicate: z.boolean().describe('it had been published before: nothing was started now'),
    }),
  ),
});
z.globalRegistry.add(acceptedEventsSchema, { id: 'AcceptedEvents' });

export const eventSchema = z.object({
  id: z.string(),
  type: z.string().describe('its type, or its most specific notation'),
  notations: z.array(z.string()).describe('most specific first, prefixes included'),
  item_type: z.string(),
  item_id: z.string(),
  campaign: z.string().nullable(),
  shop: z.string().nullable(),
  date: at.describe('when it happened, by its publisher'),
  depth: z.int().describe('how many events have led to it'),
  created_at: at,
  matched_at: at.nullable().describe('when it was routed, or set aside; null: it is about to be'),
  state: z.enum(EVENT_STATES).describe('`set_aside`: nothing could be started; it can be routed again'),
  fault: z.string().nullable().describe('why it was set aside'),
  tries: z.int().describe('how often something kept it from being routed'),
  cause_run_id: z.uuid().nullable().describe('the run that published it, where it said so'),
});
z.globalRegistry.add(eventSchema, { id: 'Event' });

export const eventWithRunsSchema = eventSchema.extend({
  data: z.unknown(),
  related: z.record(z.string(), z.unknown()),
  runs: z.array(
    z.object({
      id: z.uuid(),
      function_id: z.string(),
      trigger_id: z.string().nullable(),
      notation: z.string().nullable().describe('what matched'),
      status: z.string(),
    }),
  ),
});

export const eventTypeSchema = z.object({
  name: z.string(),
  form: z.enum(['type', 'notation']),
  item_type: z.string(),
  description: z.string().nullable(),
  builtin: z.boolean().describe('of the installation, not of this account'),
  platform_only: z.boolean().describe('only the platform publishes it'),
});
z.globalRegistry.add(eventTypeSchema, { id: 'EventType' });

export const triggerSchema = z.object({
  id: z.string(),
  function_id: z.string(),
  kind: z.enum(OWN_TRIGGER_KINDS),
  name: z.string().nullable(),
  enabled: z.boolean(),
  paused_at: at.nullable().describe('since when its runs are held'),
  delay_ms: z.int().describe('how long after the cause a run is due'),
  settings: z
    .union([
      eventSettingsSchema,
      webhookSettingsSchema.extend({ verification: shownVerification.nullable() }),
      functionUrlSettingsSchema,
      scheduleSettingsSchema,
    ])
    .describe('of account_event, webhook, function_url, schedule: docs/triggers.md'),
  url: z
    .string()
    .nullable()
    .describe('of a webhook or a function URL; null without the permission to update triggers'),
  next_tick_at: at.nullable().describe('of a schedule'),
  created_at: at,
  modified_at: at,
});
z.globalRegistry.add(triggerSchema, { id: 'Trigger' });

/** As they are described: which of them holds for a kind, triggers/trigger-settings.ts reads. */
const takenSettings = z
  .union([eventSettingsSchema, webhookSettingsSchema, functionUrlSettingsSchema, scheduleSettingsSchema])
  .describe('of account_event, webhook, function_url, schedule: docs/triggers.md');
export const takenTriggerSchema = newTriggerSchema.extend({ settings: takenSettings.optional() });
export const takenTriggerChange = triggerChangeSchema.extend({
  settings: takenSettings.optional().describe('the whole of them'),
});
