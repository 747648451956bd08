// The settings of a webhook and of a function URL: who may call, and how a webhook's message is verified.
// Pure. Called by trigger-settings.ts; what the doors do with them: doors/.
import { z } from 'zod';
import { ipRangeProblem } from '../http/ip-ranges.ts';
import { readInput } from '../http/read-input.ts';
import type { AddressTriggerSettings } from './trigger.ts';
import type { ReadSettings, SettingsFacts } from './trigger-settings.ts';
import { SCHEMES, secretProblem } from './verification-secret.ts';

const MOST_IPS = 1_000;
/** The current one, the one before, the one to come, and room. */
const MOST_SECRETS = 5;
const REPLAY_WINDOW_S = 300;
const MOST_REPLAY_WINDOW_S = 86_400;

const allowedIps = z
  .array(z.string().max(64, 'must have at most 64 characters').superRefine(refineBy(ipRangeProblem)))
  .max(MOST_IPS)
  .nullable();

export const verificationSchema = z.strictObject({
  scheme: z.enum(SCHEMES),
  secrets: z.array(z.string()).min(1, 'must hold at least one').max(MOST_SECRETS).optional(),
  replay_window_s: z.int().min(1).max(MOST_REPLAY_WINDOW_S).default(REPLAY_WINDOW_S),
});

export const functionUrlSettingsSchema = z.strictObject({ allowed_ips: allowedIps.default(null) });
export const webhookSettingsSchema = z.strictObject({
  allowed_ips: allowedIps.default(null),
  verification: verificationSchema
    .superRefine(({ scheme, secrets = [] }, context) => {
      for (const [at, secret] of secrets.entries()) {
        const message = secretProblem(scheme, secret);
        if (message !== null) context.addIssue({ code: 'custom', message, path: ['secrets', at] });
      }
    })
    .nullable()
    .default(null),
});

/** @throws Failure `invalid_input` naming the field below `settings` */
export function readFunctionUrlSettings(value: unknown): ReadSettings {
  const read = readSettings(functionUrlSettingsSchema, value);
  return { settings: { allowedIps: read.allowed_ips, verification: null } };
}

/**
 * Secrets that aren't given again stay, as long as the scheme does.
 * @throws Failure `invalid_input` naming the field below `settings`
 */
export function readWebhookSettings(value: unknown, { before }: SettingsFacts): ReadSettings {
  const known = before === null ? null : ((before as AddressTriggerSettings).verification?.scheme ?? null);
  const schema = webhookSettingsSchema.superRefine(({ verification: asked }, context) => {
    if (asked === null || asked.secrets !== undefined || asked.scheme === known) return;
    context.addIssue({ code: 'custom', message: 'is required', path: ['verification', 'secrets'] });
  });
  const read = readSettings(schema, value);
  const allowedIps = read.allowed_ips;
  if (read.verification === null) return { settings: { allowedIps, verification: null }, secrets: null };
  const { scheme, secrets, replay_window_s: replayWindowS } = read.verification;
  const settings = { allowedIps, verification: { scheme, replayWindowS } };
  if (secrets === undefined) return { settings };
  return { settings, secrets: Object.fromEntries(secrets.map((secret, at) => [String(at), secret])) };
}

/** As the API shows them: never with secrets. */
export function addressSettingsView(settings: AddressTriggerSettings): Record<string, unknown> {
  const { allowedIps: allowed_ips, verification: how } = settings;
  return {
    allowed_ips,
    verification: how === null ? null : { scheme: how.scheme, replay_window_s: how.replayWindowS },
  };
}

function readSettings<Settings>(schema: z.ZodType<Settings>, value: unknown): Settings {
  return readInput(z.object({ settings: schema }), { settings: value ?? {} }, 'settings').settings;
}

/** Lets a rule in words of ours check a text. */
export function refineBy(problemOf: (text: string) => string | null) {
  return (text: string, context: z.core.$RefinementCtx<string>): void => {
    const message = problemOf(text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  };
}
