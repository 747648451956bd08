// Asks the authority for a certificate for every name that this installation is reached by, and again before
// it ends: a name at a time over all nodes, the new before those that were refused. Called by
// roles/open-certificates.ts.
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.ts';
import { startWakefulLoop, type WakefulLoop } from '../clock/wakeful-loop.ts';
import type { AccountKeys } from '../environment/account-keys.ts';
import type { SendOutbound } from '../http/outbound-request.ts';
import type { Database } from '../postgres/database.ts';
import { AcmeProblem, type IssuedCertificate, openAcmeSession, thumbprintOf } from './acme-session.ts';
import {
  type AcmeAccount,
  type ClaimedName,
  claimName,
  deleteUnwanted,
  findAccount,
  insertAccount,
  msUntilDue,
  setAccountUrl,
  wantNames,
  writeCertificate,
  writeOutage,
  writeRefusal,
} from './certificate-store.ts';
import { renewalIn, restFor, retryIn } from './next-try.ts';
import { certificateKeyContext } from './served-certificates.ts';

export type ObtainParts = {
  database: Database;
  keys: AccountKeys;
  /** Whose key seals the rest: the first account's. */
  operatorAccountId: string;
  directory: string;
  email: string | null;
  send: SendOutbound;
  /** What this node is reached by, at the moment. */
  names(): Promise<string[]>;
  log: Logger;
  clock: Clock;
};

const LOOK_EVERY_MS = 60_000;
const REFUSED_PAUSE_MS = 10_000;
const AFTER_ERROR_MS = 5_000;
/** Of one name; below the lease. */
const ORDER_TIMEOUT_MS = 240_000;
const LONGEST_PROBLEM = 500;

export function startObtaining(parts: ObtainParts): WakefulLoop {
  const { database, directory, log } = parts;
  const stopping = new AbortController();
  const loop = startWakefulLoop({
    look: async (isStopped) => {
      await wantNames(database, directory, await parts.names());
      await deleteUnwanted(database);
      const account = (await findAccount(database, directory)) ?? (await makeAccount(parts));
      for (;;) {
        const claimed = isStopped() ? null : await claimName(database, directory);
        if (claimed === null) break;
        await obtainOne(parts, account, claimed, stopping.signal);
      }
      const untilMs = (await msUntilDue(database, directory)) ?? LOOK_EVERY_MS;
      // What is due all the same has to wait: the day's orders are used up.
      return Math.min(LOOK_EVERY_MS, untilMs > 0 ? untilMs : REFUSED_PAUSE_MS);
    },
    onError: (error) => log.error({ err: error }, 'certificates could not be looked after'),
    retryAfterMs: AFTER_ERROR_MS,
  });
  return {
    wake: loop.wake,
    stop: () => {
      stopping.abort();
      return loop.stop();
    },
  };
}

async function makeAccount({
  database,
  keys,
  operatorAccountId,
  directory,
}: ObtainParts): Promise<AcmeAccount> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const plain = Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const sealedKey = await keys.seal(plain, accountKeyContext(operatorAccountId, directory));
  await insertAccount(database, directory, { sealedKey, thumbprint: thumbprintOf(privateKey) });
  return (await findAccount(database, directory)) as AcmeAccount;
}

async function obtainOne(
  parts: ObtainParts,
  account: AcmeAccount,
  claimed: ClaimedName,
  stopping: AbortSignal,
): Promise<void> {
  const { database, keys, operatorAccountId, directory, log, clock } = parts;
  const { name } = claimed;
  let issued: IssuedCertificate;
  try {
    issued = await askFor(parts, account, name, stopping);
  } catch (error) {
    await writeFailure(parts, claimed, error, stopping);
    return;
  }
  const { cert: chain, key, validFrom, validTo } = issued;
  const sealedKey = await keys.seal(Buffer.from(key), certificateKeyContext(operatorAccountId, name));
  const renewInS = renewalIn(validFrom, validTo, clock());
  await writeCertificate(database, directory, claimed, { chain, sealedKey, validTo, renewInS });
  log.info({ name, expires: validTo }, 'a name has a new certificate');
}

async function askFor(
  { database, keys, operatorAccountId, directory, email, send }: ObtainParts,
  account: AcmeAccount,
  name: string,
  stopping: AbortSignal,
): Promise<IssuedCertificate> {
  const context = accountKeyContext(operatorAccountId, directory);
  const key = createPrivateKey(await keys.unseal(account.sealedKey, context));
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(ORDER_TIMEOUT_MS)]);
  const session = await openAcmeSession({ send, directory, key, signal });
  if (account.url === null) {
    account.url = await session.register(email).catch((error: Error) => {
      // Of the account, whatever it is: no name's fault.
      throw new Error(error.message, { cause: error });
    });
    await setAccountUrl(database, directory, account.url);
  }
  return await session.obtain(account.url, name);
}

async function writeFailure(
  { database, directory, log }: ObtainParts,
  claimed: ClaimedName,
  error: unknown,
  stopping: AbortSignal,
): Promise<void> {
  const problem = (error as Error).message.slice(0, LONGEST_PROBLEM);
  const { name } = claimed;
  if (error instanceof AcmeProblem && error.type !== 'accountDoesNotExist') {
    const retryInS = retryIn(claimed.failures + 1, error.retryAfterS);
    await writeRefusal(database, claimed, { problem, retryInS });
    log.warn({ name, problem, retryInS }, 'a name got no certificate');
    return;
  }
  if (error instanceof AcmeProblem) await setAccountUrl(database, directory, null);
  const isEnding = stopping.aborted;
  await writeOutage(database, directory, claimed, { problem, restS: isEnding ? () => 0 : restFor });
  if (!isEnding) log.warn({ err: error, directory }, 'the authority of certificates could not be used');
}

function accountKeyContext(accountId: string, directory: string): { accountId: string; purpose: string } {
  return { accountId, purpose: `key of the account at ${directory}` };
}
