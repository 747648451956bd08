// Slack (docs.slack.dev/authentication/verifying-requests-from-slack): `X-Slack-Signature: v0=<hex>`,
// HMAC-SHA256 over `v0:<X-Slack-Request-Timestamp>:<body>`. A repeated event has its `event_id` in the body;
// commands and clicks aren't repeated, so of those the same bytes may come once. Slack asks a new address to
// prove itself: see slackHandshake.
import {
  anyFits,
  fingerprint,
  fromHex,
  hmacSha256,
  jsonMember,
  type SignedMessage,
  type Trust,
  timeProblem,
  type Verdict,
} from './signed-message.ts';

export function verifySlack(message: SignedMessage, trust: Trust): Verdict {
  const [time, header] = [message.header('x-slack-request-timestamp'), message.header('x-slack-signature')];
  const signature = header?.startsWith('v0=') === true ? fromHex(header.slice('v0='.length)) : null;
  if (time === null || signature === null) {
    return { refusal: 'X-Slack-Request-Timestamp and X-Slack-Signature are needed, each once' };
  }
  const late = timeProblem(time, trust);
  if (late !== null) return { refusal: late };
  const expected = trust.secrets.map((secret) => hmacSha256(secret, `v0:${time}:`, message.body));
  if (!anyFits([signature], expected)) return { refusal: 'the signature does not fit' };
  return { messageId: jsonMember(message.body, 'event_id') ?? fingerprint(time, message.body) };
}

/**
 * @returns what a verified message that only asks whether we are there wants to hear; null: it is an ordinary
 * one
 */
export function slackHandshake({ body, header }: SignedMessage): unknown {
  const type = header('content-type') ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return /(?:^|&)ssl_check=1(?:&|$)/.test(body.toString('latin1')) ? { result: 'OK' } : null;
  }
  if (jsonMember(body, 'type') !== 'url_verification') return null;
  return { challenge: jsonMember(body, 'challenge') };
}
