// Signs people in by passkeys (WebAuthn): a key of their device, unlocked there by finger, face or PIN, which
// answers a challenge for the console's host alone. It is two proofs in one, so no second factor is asked
// for. Called by the API.
import { fail } from '../errors/failure.ts';
import { newResourceId } from '../ids/ids.ts';
import type { Database } from '../postgres/database.ts';
import type { Threads } from '../threads/thread-pool.ts';
import {
  findPasskey,
  insertPasskey,
  listPasskeys,
  notePasskeyUse,
  type Passkey,
  putChallenge,
  takeChallenge,
} from './passkey-store.ts';
import type { PeopleAudit } from './people-audit.ts';
import { hashSecret, newSecret } from './session-cookie.ts';
import type { BegunSession, From, SignIn } from './sign-in.ts';
import { type PasskeyAnswer, VERIFY_NEW_PASSKEY, VERIFY_PASSKEY } from './verify-passkey.ts';

const CHALLENGE_S = 300;
const MOST = 20;
/** ES256 and RS256: what devices have. EdDSA besides. */
const ALGORITHMS = [-7, -8, -257];

type Person = { personId: string; email: string; name: string };

export type Passkeys = {
  /** What the browser's `navigator.credentials.create` takes as JSON. */
  creationOptions(person: Person): Promise<Record<string, unknown>>;
  /** @throws Failure `unauthorized` for an answer that doesn't hold, `conflict` */
  add(person: Person, asked: { answer: PasskeyAnswer; name: string }): Promise<Passkey>;
  /** What `navigator.credentials.get` takes: the same for everybody. */
  requestOptions(from: From): Promise<Record<string, unknown>>;
  /** @throws Failure `unauthorized`, `too_many_requests` */
  signIn(answer: PasskeyAnswer, from: From): Promise<BegunSession>;
};

type Parts = {
  database: Database;
  threads: Threads;
  signIn: SignIn;
  audit: PeopleAudit;
  /** Without a trailing slash. */
  consoleUrl: string;
};

export function createPasskeys({ database, threads, signIn, audit, consoleUrl }: Parts): Passkeys {
  const { origin, hostname: rpId } = new URL(consoleUrl);
  const challenge = async (personId: string | null): Promise<string> => {
    const secret = Buffer.from(newSecret()).toString('base64url');
    await putChallenge(database, hashSecret(secret), { personId, lifeS: CHALLENGE_S });
    return secret;
  };
  /** The challenge that the answer says it is for, if that was made for this person. */
  const answered = async ({ response }: PasskeyAnswer, personId: string | null): Promise<string | null> => {
    const told = challengeIn(response.clientDataJSON);
    return told !== null && (await takeChallenge(database, hashSecret(told), personId)) ? told : null;
  };
  const refuse = (): never =>
    fail('unauthorized', { message: 'this passkey is not valid here, or too late' });
  return {
    async creationOptions({ personId, email, name }) {
      const known = await listPasskeys(database, personId);
      return {
        challenge: await challenge(personId),
        rp: { id: rpId, name: 'Millrace' },
        user: { id: Buffer.from(personId).toString('base64url'), name: email, displayName: name },
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: known.map(({ credentialId: id }) => ({ type: 'public-key', id })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        ...{ attestation: 'none', timeout: CHALLENGE_S * 1_000 },
      };
    },
    async add({ personId }, { answer, name }) {
      const expected = { challenge: (await answered(answer, personId)) ?? refuse(), origin, rpId };
      const key = (await threads.run(VERIFY_NEW_PASSKEY, personId, { answer, expected })) ?? refuse();
      const { credentialId, counter } = key;
      const publicKey = Buffer.from(key.publicKey);
      const made = { id: newResourceId(), personId, credentialId, publicKey, counter, name };
      const passkey = await insertPasskey(database, made, MOST);
      return (
        passkey ?? fail('conflict', { message: `a person has at most ${MOST} passkeys, each of them once` })
      );
    },
    async requestOptions(from) {
      signIn.requirePace(from, null);
      return {
        ...{ challenge: await challenge(null), rpId, allowCredentials: [] },
        ...{ userVerification: 'required', timeout: CHALLENGE_S * 1_000 },
      };
    },
    async signIn(answer, from) {
      signIn.requirePace(from, null);
      const told = (await answered(answer, null)) ?? refuse();
      const key = (await findPasskey(database, answer.id)) ?? refuse();
      const { id, personId } = key;
      const expected = { challenge: told, origin, rpId };
      const counter = await threads.run(VERIFY_PASSKEY, personId, { answer, expected, key: storedOf(key) });
      if (counter === null) {
        await audit.refused(database, { personId, from, why: 'passkey' });
        return refuse();
      }
      return await database.transaction(async (sql) => {
        if (!(await notePasskeyUse(sql, id, counter))) refuse();
        return await signIn.begin(sql, { id: personId }, { way: 'passkey', from });
      });
    },
  };
}

function storedOf({ credentialId, publicKey, counter }: Passkey) {
  return { credentialId, publicKey: new Uint8Array(publicKey), counter };
}

function challengeIn(clientData: unknown): string | null {
  if (typeof clientData !== 'string') return null;
  try {
    const { challenge } = JSON.parse(Buffer.from(clientData, 'base64url').toString()) as {
      challenge: unknown;
    };
    return typeof challenge === 'string' ? challenge : null;
  } catch {
    // No JSON, so no answer.
    return null;
  }
}
