// A second proof besides the password: the code that a person's device shows, or one of ten recovery codes.
// Asked for at every sign-in by password once it is set up. A secret is sealed, and shown once. Called by
// sign-in.ts and the API.
import { hash, randomBytes } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import type { AccountKeys } from '../environment/account-keys.ts';
import { fail } from '../errors/failure.ts';
import { randomAlphanumeric } from '../ids/ids.ts';
import type { Database, Sql } from '../postgres/database.ts';
import {
  confirmSecondFactor,
  deleteSecondFactor,
  findSecondFactor,
  putSecondFactor,
  useRecovery,
  useStep,
} from './second-factor-store.ts';
import { base32, otpauthUrl, SECRET_BYTES, stepOfCode } from './totp.ts';

export type SecondFactors = {
  /** @returns a secret for the person's device. @throws Failure `conflict` where one is set up */
  begin(person: { personId: string; email: string }): Promise<{ secret: string; url: string }>;
  /** @returns recovery codes. @throws Failure `unauthorized` for a wrong code, `conflict` */
  confirm(sql: Sql, personId: string, code: string): Promise<string[]>;
  /** @returns `none` where the person has no second factor */
  check(sql: Sql, personId: string, code: string | null): Promise<'none' | 'right' | 'wrong' | 'missing'>;
  /** @returns whether there was one */
  remove(sql: Sql, personId: string): Promise<boolean>;
};

type Parts = {
  database: Database;
  clock: Clock;
  keys: Pick<AccountKeys, 'seal' | 'unseal'>;
  /** By whose key secrets of people are sealed: it is never deleted. */
  operatorAccountId: string;
};

const RECOVERY_CODES = 10;
const RECOVERY_LENGTH = 12;
const CODE = /^[0-9]{6}$/;

export function createSecondFactors({ database, clock, keys, operatorAccountId }: Parts): SecondFactors {
  const contextOf = (personId: string) => ({
    accountId: operatorAccountId,
    purpose: `second factor of person ${personId}`,
  });
  const stepFor = async (
    personId: string,
    { sealedSecret, lastStep }: { sealedSecret: Buffer; lastStep: number },
    code: string,
  ): Promise<number | null> => {
    const secret = await keys.unseal(sealedSecret, contextOf(personId));
    return stepOfCode(secret, code, { nowMs: clock(), last: lastStep });
  };
  return {
    async begin({ personId, email }) {
      const secret = randomBytes(SECRET_BYTES);
      const sealed = await keys.seal(secret, contextOf(personId));
      if (!(await putSecondFactor(database, personId, sealed))) alreadySetUp();
      return { secret: base32(secret), url: otpauthUrl(secret, email) };
    },
    async confirm(sql, personId, code) {
      const found = await findSecondFactor(sql, personId);
      if (found?.isConfirmed === true) alreadySetUp();
      const step = found === null || !CODE.test(code) ? null : await stepFor(personId, found, code);
      if (step === null)
        return fail('unauthorized', { message: 'code: is not the one of now', field: 'code' });
      const codes = Array.from({ length: RECOVERY_CODES }, () => randomAlphanumeric(RECOVERY_LENGTH));
      const recoveryHashes = codes.map(hashOf);
      if (!(await confirmSecondFactor(sql, personId, { step, recoveryHashes }))) alreadySetUp();
      return codes;
    },
    async check(sql, personId, code) {
      const found = await findSecondFactor(sql, personId);
      if (found === null || !found.isConfirmed) return 'none';
      if (code === null) return 'missing';
      if (!CODE.test(code)) return (await useRecovery(sql, personId, hashOf(code))) ? 'right' : 'wrong';
      const step = await stepFor(personId, found, code);
      return step !== null && (await useStep(sql, personId, step)) ? 'right' : 'wrong';
    },
    remove: deleteSecondFactor,
  };
}

/** 71 bits of randomness, tried a few times a minute: nothing slower is needed. */
function hashOf(recoveryCode: string): Buffer {
  return hash('sha256', recoveryCode, 'buffer');
}

function alreadySetUp(): never {
  return fail('conflict', { message: 'a second factor is set up: remove it first' });
}
