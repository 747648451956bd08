// Passkeys as the browser speaks of them: made for the person who is signed in, and signing in by one. The
// device asks for finger, face or PIN. Called by the sign-in page and the page of one's own sign-in.
import { millraceOf, read } from './millrace.ts';

type Answer = { answer: never };

export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential !== 'undefined' && 'parseRequestOptionsFromJSON' in PublicKeyCredential;
}

/** Signs in. @throws Refusal, or what the browser says where the person has broken it off */
export async function signInByPasskey(): Promise<void> {
  const asked = await read(millraceOf(null).POST('/session/passkey/options'));
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked as never);
  const answer = await navigator.credentials.get({ publicKey });
  await read(millraceOf(null).POST('/session/passkey', { body: toldOf(answer) }));
}

/** @throws as {@link signInByPasskey} */
export async function addPasskey(password: string, name: string): Promise<void> {
  const body = password === '' ? {} : { password };
  const asked = await read(millraceOf(null).POST('/session/passkeys/options', { body }));
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked as never);
  const answer = await navigator.credentials.create({ publicKey });
  await read(millraceOf(null).POST('/session/passkeys', { body: { ...toldOf(answer), name } }));
}

function toldOf(credential: Credential | null): Answer {
  return { answer: (credential as PublicKeyCredential).toJSON() as never };
}

/** Whether the person, not the server, has said no. */
export function isBrokenOff(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError');
}
