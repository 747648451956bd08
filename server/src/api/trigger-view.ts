// A trigger as Millrace's own API shows it; what its kind is set to, by kind. Never with secrets. Pure.
import type { z } from 'zod';
import { addressSettingsView } from '../triggers/address-settings.ts';
import { nextTickOf, scheduleSettingsView } from '../triggers/schedule-settings.ts';
import type { Trigger } from '../triggers/trigger.ts';
import type { triggerSchema } from './event-schemas.ts';

/** @param publicUrl without a trailing slash; null: where it is reached isn't shown */
export function triggerView(trigger: Trigger, publicUrl: string | null): z.input<typeof triggerSchema> {
  return {
    id: trigger.id,
    function_id: trigger.functionId,
    kind: trigger.kind,
    name: trigger.name,
    enabled: trigger.enabled,
    paused_at: trigger.pausedAt?.toISOString() ?? null,
    delay_ms: trigger.delayMs,
    settings: settingsView(trigger),
    url: urlOf(trigger, publicUrl),
    next_tick_at: trigger.kind === 'schedule' ? (nextTickOf(trigger)?.toISOString() ?? null) : null,
    created_at: trigger.createdAt.toISOString(),
    modified_at: trigger.modifiedAt.toISOString(),
  };
}

function settingsView(trigger: Trigger): Record<string, unknown> {
  switch (trigger.kind) {
    case 'account_event':
      return { ...trigger.settings };
    case 'schedule':
      return scheduleSettingsView(trigger.settings);
    default:
      // Of a function URL nothing is verified: such settings may be sent back.
      return trigger.kind === 'webhook'
        ? addressSettingsView(trigger.settings)
        : { allowed_ips: trigger.settings.allowedIps };
  }
}

function urlOf(trigger: Trigger, publicUrl: string | null): string | null {
  if (publicUrl === null) return null;
  if (trigger.kind === 'webhook') return `${publicUrl}/hook/${trigger.address}`;
  return trigger.kind === 'function_url' ? `${publicUrl}/fn/${trigger.address}` : null;
}
