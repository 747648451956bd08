// Messages signed by the packages that the senders publish, where there is one; Slack's and Shopify's by the
// values and the recipe of their documentation.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { sign as signGithub } from '@octokit/webhooks-methods';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import type { VerificationScheme } from '../triggers/trigger.ts';
import { handshakeOf, signedMessage, VERIFY } from './verify-message.ts';

const NOW_MS = Date.parse('2026-11-22T12:00:00Z');
const NOW_S = NOW_MS / 1000;
const BODY = '{"id":"evt_1","event_id":"Ev1","note":"ü"}';
const KEYS = ['the-first-secret', 'the-second-secret'] as const;
const STANDARD = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;

type Headers = Record<string, string>;
type Signing = { body?: string; atS?: number; secret?: string };
type Subject = {
  secret: string;
  /** What is signed depends on the time. */
  isTimed: boolean;
  sign(signing: Signing): Headers | Promise<Headers>;
  messageId: string;
};

const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text);

const SUBJECTS: Record<VerificationScheme, Subject> = {
  standard_webhooks: {
    secret: STANDARD,
    isTimed: true,
    messageId: 'msg_1',
    sign: ({ body = BODY, atS = NOW_S, secret = STANDARD }) => ({
      'Webhook-Id': 'msg_1',
      'Webhook-Timestamp': String(atS),
      'Webhook-Signature': new Webhook(secret).sign('msg_1', new Date(atS * 1000), body),
    }),
  },
  stripe: {
    secret: 'whsec_stripe_secret',
    isTimed: true,
    messageId: 'evt_1',
    sign: ({ body = BODY, atS = NOW_S, secret = 'whsec_stripe_secret' }) => ({
      'Stripe-Signature': new Stripe('sk_test_x').webhooks.generateTestHeaderString({
        ...{ payload: body, secret, timestamp: atS },
      }),
    }),
  },
  github: {
    secret: KEYS[0],
    isTimed: false,
    messageId: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    sign: async ({ body = BODY, secret = KEYS[0] }) => ({
      'X-Hub-Signature-256': await signGithub(secret, body),
      'X-GitHub-Delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    }),
  },
  shopify: {
    secret: KEYS[0],
    isTimed: false,
    messageId: 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    sign: ({ body = BODY, secret = KEYS[0] }) => ({
      'X-Shopify-Hmac-SHA256': hmac(secret, body).digest('base64'),
      'X-Shopify-Webhook-Id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    }),
  },
  slack: {
    secret: KEYS[0],
    isTimed: true,
    messageId: 'Ev1',
    sign: ({ body = BODY, atS = NOW_S, secret = KEYS[0] }) => ({
      'X-Slack-Request-Timestamp': String(atS),
      'X-Slack-Signature': `v0=${hmac(secret, `v0:${atS}:${body}`).digest('hex')}`,
    }),
  },
};

type Sent = { headers: Headers; body?: string; secrets?: string[] };

function verdictOn(scheme: VerificationScheme, { headers, body = BODY, secrets }: Sent) {
  const message = signedMessage(Object.entries(headers).flat(), Buffer.from(body));
  const trust = { secrets: secrets ?? [SUBJECTS[scheme].secret], replayWindowS: 300, nowMs: NOW_MS };
  return VERIFY[scheme](message, trust);
}

for (const [name, subject] of Object.entries(SUBJECTS)) {
  const scheme = name as VerificationScheme;
  const other =
    scheme === 'standard_webhooks' ? `whsec_${Buffer.alloc(32, 7).toString('base64')}` : 'whsec_another';
  describe(`a message signed as ${scheme}`, () => {
    test('is verified, and tells the id that its repetitions share', async () => {
      const headers = await subject.sign({});
      assert.deepEqual(verdictOn(scheme, { headers }), { messageId: subject.messageId });
    });

    test('is verified by either of two secrets while they are being changed', async () => {
      const headers = await subject.sign({});
      const secrets = [other, subject.secret];
      assert.deepEqual(verdictOn(scheme, { headers, secrets }), { messageId: subject.messageId });
    });

    test('is refused with another secret, another body, or no secret at all', async () => {
      const headers = await subject.sign({});
      assert.ok('refusal' in verdictOn(scheme, { headers, secrets: [other] }));
      assert.ok('refusal' in verdictOn(scheme, { headers, body: `${BODY} ` }));
      assert.ok('refusal' in verdictOn(scheme, { headers, body: '' }));
      assert.ok('refusal' in verdictOn(scheme, { headers, secrets: [] }));
    });

    test('is refused without each of the headers that are signed', async () => {
      const headers = await subject.sign({});
      const signed = Object.keys(headers).filter(
        (header) => !/shopify-webhook-id|github-delivery/i.test(header),
      );
      for (const missing of signed) {
        const { [missing]: _, ...rest } = headers;
        assert.ok('refusal' in verdictOn(scheme, { headers: rest }), missing);
      }
      assert.ok('refusal' in verdictOn(scheme, { headers: {} }));
    });

    test('is refused with a signature that is cut, empty or garbage', async () => {
      const headers = await subject.sign({});
      const header = Object.keys(headers).find((key) => /signature|hmac/i.test(key)) as string;
      const right = headers[header] as string;
      for (const wrong of [
        '',
        'x',
        right.slice(0, -4),
        `${right.slice(0, -9)}${right.at(-9) === 'a' ? 'b' : 'a'}${right.slice(-8)}`,
        '='.repeat(9000),
      ]) {
        assert.ok(
          'refusal' in verdictOn(scheme, { headers: { ...headers, [header]: wrong } }),
          wrong.slice(0, 80),
        );
      }
    });

    test('is refused when a signed header is there twice', async () => {
      const headers = await subject.sign({});
      const pairs = [...Object.entries(headers), ...Object.entries(headers)].flat();
      const trust = { secrets: [subject.secret], replayWindowS: 300, nowMs: NOW_MS };
      assert.ok('refusal' in VERIFY[scheme](signedMessage(pairs, Buffer.from(BODY)), trust));
    });

    test(
      subject.isTimed ? 'counts for the replay window, either way' : 'has no time that could run out',
      async () => {
        for (const [atS, isIn] of [
          [NOW_S - 300, true],
          [NOW_S - 301, false],
          [NOW_S + 300, true],
          [NOW_S + 301, false],
        ] as const) {
          const verdict = verdictOn(scheme, { headers: await subject.sign({ atS }) });
          assert.equal('messageId' in verdict, isIn || !subject.isTimed, String(atS - NOW_S));
        }
      },
    );
  });
}

test('a Standard Webhooks message may carry several signatures, and headers spelled as Svix does', () => {
  const right = SUBJECTS.standard_webhooks.sign({}) as Headers;
  const headers = {
    'svix-id': right['Webhook-Id'] as string,
    'svix-timestamp': right['Webhook-Timestamp'] as string,
    'svix-signature': `v1,aGVsbG8= v1a,xyz ${right['Webhook-Signature']}`,
  };
  assert.deepEqual(verdictOn('standard_webhooks', { headers }), { messageId: 'msg_1' });
});

test('a Stripe message signed with two secrets is verified by the second, and its v0 never counts', () => {
  const [, time, signature] = /t=(\d+),v1=(\w+)/.exec(
    (SUBJECTS.stripe.sign({}) as Headers)['Stripe-Signature'] as string,
  ) as unknown as [string, string, string];
  const both = { 'Stripe-Signature': `t=${time},v1=${'0'.repeat(64)},v1=${signature}` };
  assert.deepEqual(verdictOn('stripe', { headers: both }), { messageId: 'evt_1' });
  const old = { 'Stripe-Signature': `t=${time},v0=${signature}` };
  assert.ok('refusal' in verdictOn('stripe', { headers: old }));
});

test('the example of Slack’s documentation is verified', () => {
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
  const headers = [
    ...['X-Slack-Request-Timestamp', '1531420618'],
    ...['X-Slack-Signature', 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503'],
  ];
  const trust = { secrets: ['8f742231b10e8888abcd99yyyzzz85a5'], replayWindowS: 300, nowMs: 1531420618_000 };
  const verdict = VERIFY.slack(signedMessage(headers, Buffer.from(body)), trust);
  assert.ok('messageId' in verdict);
});

test('Slack’s questions whether we are there are answered, its events aren’t', () => {
  const json = (body: string) => signedMessage(['Content-Type', 'application/json'], Buffer.from(body));
  const form = (body: string) =>
    signedMessage(['Content-Type', 'application/x-www-form-urlencoded'], Buffer.from(body));
  assert.deepEqual(handshakeOf('slack', json('{"type":"url_verification","challenge":"abc"}')), {
    challenge: 'abc',
  });
  assert.deepEqual(handshakeOf('slack', form('ssl_check=1&token=x')), { result: 'OK' });
  assert.equal(handshakeOf('slack', json('{"type":"event_callback","challenge":"abc"}')), null);
  assert.equal(handshakeOf('slack', form('command=%2Fx')), null);
  assert.equal(handshakeOf('github', json('{"type":"url_verification","challenge":"abc"}')), null);
});
