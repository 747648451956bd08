// Finds who a session is of, a person's or a portal's. What the database said is believed for a second at
// most, so that a session that is ended, and a role that is taken away, count on every node within one,
// whether or not the node hears of it; as a rule it does, at once. Keeps hashes, never secrets. Asked for
// every request that a signed-in person makes.
import type { Clock } from '../clock/clock.ts';
import { fail } from '../errors/failure.ts';
import { LatelyUsed } from '../memory/lately-used.ts';
import { AddressPace } from '../tokens/address-pace.ts';
import { hashSecret, isSecret } from './session-cookie.ts';

export type SecretDirectory<Found> = {
  /**
   * @param address from which it is shown; after too many wrong ones from there, only known ones are looked
   * up
   * @throws Failure `too_many_requests`
   */
  find(secret: string, address: string): Promise<Found | null>;
  /** Sessions were ended, or people changed. The next use asks the database. */
  forget(): void;
};

type Parts<Found> = {
  clock: Clock;
  /** Asks the database. */
  ask(hash: Buffer): Promise<Found | null>;
};

const BELIEVE_MS = 1_000;
const CAPACITY = 10_000;
/** How often one address may show a session that isn't one. */
const WRONG_SESSIONS = { burst: 100, perMinute: 100, capacity: 10_000 };

export function openSecretDirectory<Found>({ clock, ask }: Parts<Found>): SecretDirectory<Found> {
  const pace = new AddressPace({ clock, ...WRONG_SESSIONS });
  let known = new LatelyUsed<{ found: Found; untilMs: number }>(CAPACITY);
  return {
    async find(secret, address) {
      if (!isSecret(secret)) return null;
      const hash = hashSecret(secret);
      const key = hash.toString('latin1');
      const remembered = known.get(key);
      // From before the question: what it says may be as old.
      const askedAtMs = clock();
      if (remembered !== undefined && askedAtMs < remembered.untilMs) return remembered.found;
      if (remembered === undefined) requirePace(pace, address);
      const keep = known;
      const found = await ask(hash);
      if (found === null) {
        pace.take(address);
        return null;
      }
      keep.set(key, { found, untilMs: askedAtMs + BELIEVE_MS });
      return found;
    },
    forget() {
      // Another one: an answer that is under way goes into the old.
      known = new LatelyUsed(CAPACITY);
    },
  };
}

function requirePace(pace: AddressPace, address: string): void {
  const retryAfterS = pace.waitS(address);
  if (retryAfterS === 0) return;
  fail('too_many_requests', {
    message: 'too many sessions from this address were not valid: try again later',
    facts: { retryAfterS },
  });
}
