// Hashes passwords by argon2id and checks them, on Node's own threads: never on the one that serves, and few
// at a time, since each takes 19 MiB and tens of milliseconds of a processor. Keeps no password. Called where
// people sign in and where passwords are set.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import { fail } from '../errors/failure.ts';

const LEAST_LENGTH = 12;
const MOST_LENGTH = 200;

export const passwordField: z.ZodType<string> = z
  .string('must be text')
  .min(LEAST_LENGTH, `must have at least ${LEAST_LENGTH} characters`)
  .max(MOST_LENGTH, `must have at most ${MOST_LENGTH} characters`)
  .refine((text) => text.isWellFormed(), 'must not contain broken characters');

/** As it is typed to sign in: whatever the rule was when it was set. */
export const typedPassword: z.ZodType<string> = z.string('must be text').max(MOST_LENGTH, 'is too long');

/** OWASP, Password Storage: the least of its settings for argon2id that needs no more than 19 MiB. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const TAG_BYTES = 32;
const SALT_BYTES = 16;
/** Half of the threads that Node has for such work: files and names are read by the others. */
const AT_ONCE = 2;
const MOST_WAITING = 64;

const derive = promisify(argon2);

export type Passwords = {
  /** @returns the hash in PHC form, with its salt and cost. @throws Failure `too_many_requests` */
  hash(password: string): Promise<string>;
  /**
   * Takes as long whether or not there is a hash.
   * @param stored null: nobody has this password
   * @throws Failure `too_many_requests`
   */
  check(password: string, stored: string | null): Promise<boolean>;
};

type Parameters = typeof COST & { salt: Buffer };

/** @param mostWaiting beyond those in work */
export function createPasswords(mostWaiting = MOST_WAITING): Passwords {
  const line = new Line(mostWaiting);
  const work = (password: string, { salt, ...cost }: Parameters): Promise<Buffer> =>
    line.run(() =>
      derive('argon2id', {
        // The same letters, however a keyboard composes them.
        message: Buffer.from(password.normalize('NFKC')),
        nonce: salt,
        tagLength: TAG_BYTES,
        ...cost,
      }),
    );
  const nobodys = { salt: randomBytes(SALT_BYTES), ...COST, tag: randomBytes(TAG_BYTES) };
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return write({ ...COST, salt }, await work(password, { ...COST, salt }));
    },
    async check(password, stored) {
      const { tag, ...parameters } = (stored === null ? null : read(stored)) ?? nobodys;
      return timingSafeEqual(await work(password, parameters), tag) && stored !== null;
    },
  };
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

function write({ memory, passes, parallelism, salt }: Parameters, tag: Buffer): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

const STORED = /^\$argon2id\$v=19\$m=([0-9]+),t=([0-9]+),p=([0-9]+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]{43})$/;

function read(stored: string): (Parameters & { tag: Buffer }) | null {
  const found = STORED.exec(stored);
  if (found === null) return null;
  const [memory, passes, parallelism] = found.slice(1, 4).map(Number);
  const [salt, tag] = found.slice(4).map((text) => Buffer.from(text, 'base64'));
  return { memory, passes, parallelism, salt, tag } as Parameters & { tag: Buffer };
}

/** Few at a time, and a bounded number that wait. */
class Line {
  #going = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #mostWaiting: number;

  constructor(mostWaiting: number) {
    this.#mostWaiting = mostWaiting;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#going >= AT_ONCE) await this.#turn();
    else this.#going += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#going -= 1;
      else next();
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.#mostWaiting) {
      fail('too_many_requests', {
        message: 'too many people sign in at this moment: try again',
        facts: { retryAfterS: 1 },
      });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
