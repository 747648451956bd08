// What the form of a trigger holds: of a new one, of one that there is, and as the API takes it. Pure. Called
// by trigger-form.tsx.
import { every } from '../../api/every.ts';
import type {
  CatchUp,
  EventSettings,
  Kind,
  NewSettings,
  Overlap,
  ScheduleSettings,
  Scheme,
  Trigger,
  WebhookSettings,
} from './trigger-requests.ts';

export const SCHEMES = every<Scheme>()(['standard_webhooks', 'stripe', 'shopify', 'github', 'slack']);
export const OVERLAPS = every<Overlap>()(['allow', 'skip', 'queue_one']);
export const CATCH_UPS = every<CatchUp>()(['once', 'skip', 'all']);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const USUAL_WINDOW_S = 300;
const USUAL_CAUGHT_UP = 10;

export type Fields = {
  name: string;
  /** In the unit beside it; empty: none. */
  delay: string;
  delayUnit: 'minutes' | 'hours';
  cron: string;
  zone: string;
  overlap: Overlap;
  catchUp: CatchUp;
  catchUpLimit: string;
  notations: readonly string[];
  campaigns: string;
  shops: string;
  scheme: '' | Scheme;
  /** Empty: the secret that there is stays. */
  secret: string;
  windowS: string;
  ips: string;
};

export function newFields(zone: string): Fields {
  return {
    ...{ name: '', delay: '', delayUnit: 'minutes', cron: '0 6 * * *', zone, overlap: 'allow' },
    ...{ catchUp: 'once', catchUpLimit: String(USUAL_CAUGHT_UP), notations: [], campaigns: '', shops: '' },
    ...{ scheme: '', secret: '', windowS: String(USUAL_WINDOW_S), ips: '' },
  };
}

export function fieldsOf(trigger: Trigger, zone: string): Fields {
  const isHours = trigger.delay_ms >= HOUR_MS && trigger.delay_ms % HOUR_MS === 0;
  const fields: Fields = {
    ...newFields(zone),
    name: trigger.name ?? '',
    delay: trigger.delay_ms === 0 ? '' : String(trigger.delay_ms / (isHours ? HOUR_MS : MINUTE_MS)),
    delayUnit: isHours ? 'hours' : 'minutes',
  };
  if (trigger.kind === 'schedule') {
    const { cron, time_zone, overlap, catch_up } = trigger.settings as ScheduleSettings;
    const catchUp = catch_up?.policy ?? 'once';
    const limit =
      catch_up !== undefined && 'limit' in catch_up ? String(catch_up.limit) : fields.catchUpLimit;
    return {
      ...fields,
      cron,
      zone: time_zone ?? 'UTC',
      overlap: overlap ?? 'allow',
      catchUp,
      catchUpLimit: limit,
    };
  }
  if (trigger.kind === 'account_event') {
    const { notations, campaigns = [], shops = [] } = trigger.settings as EventSettings;
    return { ...fields, notations, campaigns: campaigns.join(', '), shops: shops.join(', ') };
  }
  const { allowed_ips, verification = null } = trigger.settings as WebhookSettings;
  return {
    ...fields,
    ips: (allowed_ips ?? []).join(', '),
    scheme: verification?.scheme ?? '',
    windowS: String(verification?.replay_window_s ?? USUAL_WINDOW_S),
  };
}

export function delayMsOf({ delay, delayUnit }: Fields): number {
  return Math.round(Number(delay || '0') * (delayUnit === 'hours' ? HOUR_MS : MINUTE_MS));
}

export function settingsOf(kind: Kind, fields: Fields): NewSettings {
  if (kind === 'schedule') {
    const { cron, zone, overlap, catchUp, catchUpLimit } = fields;
    const catch_up =
      catchUp === 'all' ? { policy: catchUp, limit: Number(catchUpLimit) } : { policy: catchUp };
    return { cron, time_zone: zone, overlap, catch_up };
  }
  if (kind === 'account_event') {
    const { campaigns, shops } = fields;
    return { notations: [...fields.notations], campaigns: namesOf(campaigns), shops: namesOf(shops) };
  }
  const ips = wordsOf(fields.ips);
  const allowed_ips = ips.length === 0 ? null : ips;
  if (kind === 'function_url') return { allowed_ips };
  return { allowed_ips, verification: verificationOf(fields) } as NewSettings;
}

function verificationOf({ scheme, secret, windowS }: Fields) {
  if (scheme === '') return null;
  const secrets = secret === '' ? {} : { secrets: [secret] };
  return { scheme, replay_window_s: Number(windowS), ...secrets };
}

function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

/** Names may have blanks. */
function namesOf(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
