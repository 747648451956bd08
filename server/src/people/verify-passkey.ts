// Checks what a passkey answers (WebAuthn), in a thread: it reads what callers send, and the library that
// does so changes `Reflect` for the whole process that loads it. Called by passkeys.ts.
import { jobOf } from '../threads/job.ts';

/** As the browser's `toJSON()` says it. */
export type PasskeyAnswer = {
  id: string;
  rawId: string;
  type: 'public-key';
  response: Record<string, unknown>;
  clientExtensionResults: Record<string, unknown>;
};

type Expected = { challenge: string; origin: string; rpId: string };
export type StoredKey = { credentialId: string; publicKey: Uint8Array; counter: number };

/** @returns the new key; null where the answer doesn't hold */
export async function verifyNewPasskey(input: {
  answer: PasskeyAnswer;
  expected: Expected;
}): Promise<StoredKey | null> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const { answer, expected } = input;
  try {
    const found = await verifyRegistrationResponse({
      response: answer as never,
      ...{ expectedChallenge: expected.challenge, expectedOrigin: expected.origin },
      ...{ expectedRPID: expected.rpId, requireUserVerification: true },
    });
    if (!found.verified) return null;
    const { id, publicKey, counter } = found.registrationInfo.credential;
    return { credentialId: id, publicKey, counter };
  } catch {
    // The library says by an error that an answer doesn't hold, whatever is wrong with it.
    return null;
  }
}

/** @returns the key's counter as it is now; null where the answer doesn't hold */
export async function verifyPasskey(input: {
  answer: PasskeyAnswer;
  expected: Expected;
  key: StoredKey;
}): Promise<number | null> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const { answer, expected, key } = input;
  try {
    const found = await verifyAuthenticationResponse({
      response: answer as never,
      ...{ expectedChallenge: expected.challenge, expectedOrigin: expected.origin },
      ...{ expectedRPID: expected.rpId, requireUserVerification: true },
      credential: { id: key.credentialId, publicKey: new Uint8Array(key.publicKey), counter: key.counter },
    });
    return found.verified ? found.authenticationInfo.newCounter : null;
  } catch {
    // As above.
    return null;
  }
}

export const VERIFY_NEW_PASSKEY = jobOf(import.meta.url, verifyNewPasskey);
export const VERIFY_PASSKEY = jobOf(import.meta.url, verifyPasskey);
