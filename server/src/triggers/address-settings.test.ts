import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Failure } from '../errors/failure.ts';
import { addressSettingsView, readFunctionUrlSettings, readWebhookSettings } from './address-settings.ts';
import type { AddressTriggerSettings } from './trigger.ts';

const NEW = { before: null, nowMs: 0 };

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof Failure);
    return error.message;
  }
  return assert.fail('they were taken');
}

describe('the settings of a webhook', () => {
  test('may be left out', () => {
    const settings = { allowedIps: null, verification: null };
    assert.deepEqual(readWebhookSettings(undefined, NEW), { settings, secrets: null });
    assert.deepEqual(readFunctionUrlSettings(undefined), { settings });
  });

  test('give their secrets apart, and are shown without them', () => {
    const value = {
      allowed_ips: ['198.51.100.0/24', '::1'],
      verification: { scheme: 'github', secrets: ['one-secret', 'two-secret'] },
    };
    const { settings, secrets } = readWebhookSettings(value, NEW);
    assert.deepEqual(secrets, { 0: 'one-secret', 1: 'two-secret' });
    assert.deepEqual(addressSettingsView(settings as AddressTriggerSettings), {
      allowed_ips: ['198.51.100.0/24', '::1'],
      verification: { scheme: 'github', replay_window_s: 300 },
    });
  });

  test('keep the secrets that are there while the scheme stays, and ask for others when it changes', () => {
    const before: AddressTriggerSettings = {
      allowedIps: null,
      verification: { scheme: 'github', replayWindowS: 300 },
    };
    const facts = { before, nowMs: 0 };
    assert.equal('secrets' in readWebhookSettings({ verification: { scheme: 'github' } }, facts), false);
    assert.match(
      refusal(() => readWebhookSettings({ verification: { scheme: 'shopify' } }, facts)),
      /settings\.verification\.secrets: is required/,
    );
    assert.equal(readWebhookSettings({ verification: null }, facts).secrets, null);
  });

  for (const [value, rule] of [
    [{ allowed_ips: ['10.0.0.0/33'] }, /settings\.allowed_ips\.0: has a prefix/],
    [{ allowed_ips: ['example.com'] }, /settings\.allowed_ips\.0: must be an IPv4 or IPv6 address/],
    [{ allowed_ips: '10.0.0.1' }, /settings\.allowed_ips: must be a list/],
    [{ verification: { scheme: 'github', secrets: [] } }, /secrets: must hold at least one/],
    [{ verification: { scheme: 'github', secrets: ['short'] } }, /secrets\.0: must have at least 8/],
    [
      { verification: { scheme: 'github', secrets: ['ends with a blank '] } },
      /must not begin or end with a blank/,
    ],
    [
      { verification: { scheme: 'github', secrets: Array(6).fill('12345678') } },
      /secrets: must have at most 5/,
    ],
    [
      { verification: { scheme: 'standard_webhooks', secrets: ['whsec_AAAA'] } },
      /must be base64 of 16 to 128 bytes/,
    ],
    [
      { verification: { scheme: 'github', secrets: ['12345678'], replay_window_s: 100_000 } },
      /replay_window_s: must be at most 86400/,
    ],
    [{ delay: 5 }, /must not have "delay"/],
  ] as const) {
    test(`are refused as ${JSON.stringify(value).slice(0, 70)}`, () => {
      const message = refusal(() => readWebhookSettings(value, NEW));
      assert.match(message, rule);
      for (const secret of value && 'verification' in value ? (value.verification.secrets as string[]) : []) {
        assert.ok(!message.includes(secret));
      }
    });
  }

  test('of a function URL know no verification', () => {
    assert.match(
      refusal(() => readFunctionUrlSettings({ verification: null })),
      /must not have "verification"/,
    );
  });
});
