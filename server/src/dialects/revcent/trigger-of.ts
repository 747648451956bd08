// What trigger follows from a function's settings, for those whose cause lies with the engine: account
// events, the two addresses, schedules. The other sources (flows, templates, ...) name the function
// themselves. Pure.
import { ticksAfter, timetableOf } from '../../cron/timetable.ts';
import type { NewTrigger } from '../../triggers/trigger-store.ts';
import { delayMs, type RevcentSettings } from './function-settings.ts';

/** What {@link NewTrigger} needs besides who and where. */
export type FollowingTrigger = Pick<NewTrigger, 'kind' | 'settings' | 'delayMs' | 'nextTickAt'>;

const NO_TICK = { nextTickAt: null };

/** @param nowMs Unix time in ms @returns null where the source is none of these */
export function triggerOf(settings: RevcentSettings, nowMs: number): FollowingTrigger | null {
  const { eventSource } = settings;
  if (eventSource === 'account_event') {
    const { eventFilter: notations, campaignFilter: campaigns, shopFilter: shops } = settings;
    const delay = delayMs(settings.timing);
    return { kind: 'account_event', settings: { notations, campaigns, shops }, delayMs: delay, ...NO_TICK };
  }
  if (eventSource === 'webhook') {
    return { kind: 'webhook', settings: addressOf(settings), delayMs: delayMs(settings.timing), ...NO_TICK };
  }
  if (eventSource === 'function_url') {
    return { kind: 'function_url', settings: addressOf(settings), delayMs: 0, ...NO_TICK };
  }
  return eventSource === 'schedule' ? scheduleOf(settings, nowMs) : null;
}

function addressOf({ isIpRestricted, ipWhitelist }: RevcentSettings) {
  return { allowedIps: isIpRestricted ? ipWhitelist : null, verification: null };
}

/** Its ticks are never made up for, and never wait for one another: the page speaks of neither. */
function scheduleOf(settings: RevcentSettings, nowMs: number): FollowingTrigger {
  const cron = settings.cronExpression ?? '';
  const timeZone = settings.cronTimezone;
  const [next] = ticksAfter(timetableOf({ cron, timeZone }), nowMs, 1);
  return {
    kind: 'schedule',
    settings: { cron, timeZone, catchUp: { policy: 'skip' }, overlap: 'allow' },
    delayMs: 0,
    nextTickAt: next === undefined ? null : new Date(next),
  };
}
