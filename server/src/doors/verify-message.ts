// The verification schemes by their names in a trigger's settings, and what of them is nothing to be run.
// Pure. Called by webhook-door.ts.
import type { VerificationScheme } from '../triggers/trigger.ts';
import type { SignedMessage, VerifyMessage } from './signed-message.ts';
import { verifyGithub } from './verify-github.ts';
import { verifyShopify } from './verify-shopify.ts';
import { slackHandshake, verifySlack } from './verify-slack.ts';
import { verifyStandardWebhooks } from './verify-standard-webhooks.ts';
import { verifyStripe } from './verify-stripe.ts';

export const VERIFY: Readonly<Record<VerificationScheme, VerifyMessage>> = {
  standard_webhooks: verifyStandardWebhooks,
  stripe: verifyStripe,
  shopify: verifyShopify,
  github: verifyGithub,
  slack: verifySlack,
};

/** @returns the JSON that answers a verified message which is none to be run; null: run it */
export function handshakeOf(scheme: VerificationScheme, message: SignedMessage): unknown {
  return scheme === 'slack' ? slackHandshake(message) : null;
}

/** @param rawHeaders names and values in turn */
export function signedMessage(rawHeaders: readonly string[], body: Buffer): SignedMessage {
  return {
    body,
    header(name) {
      let found: string | null = null;
      for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
        if ((rawHeaders[at] as string).toLowerCase() !== name) continue;
        // Which of the two was signed nobody can know.
        if (found !== null) return null;
        found = rawHeaders[at + 1] as string;
      }
      return found;
    },
  };
}
