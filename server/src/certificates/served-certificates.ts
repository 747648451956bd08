// The certificates that this node serves, by name, and what it answers to an authority that looks: both in
// memory, read again when notified of a change. A challenge's answer is its token and the thumbprint of the
// account's key (RFC 8555, 8.1), so that any node answers any, and a stranger's question costs no look-up. It
// is worth nothing to those who haven't that key. Called by roles/open-certificates.ts.
import { createSecureContext, type SecureContext } from 'node:tls';
import type { AccountKeys } from '../environment/account-keys.ts';
import type { SealContext } from '../environment/seal.ts';
import type { TlsIdentity } from '../http/own-certificate.ts';
import { FreshCopy } from '../memory/fresh-copy.ts';
import type { Sql } from '../postgres/database.ts';
import { findAccount, listIssued, readCertificates } from './certificate-store.ts';

export type ServedCertificates = {
  /** @param name as a client names it. @returns null: there is none */
  contextOf(name: string): SecureContext | null;
  /** What an authority is answered that looks for this token; null: there is no account yet. */
  answerTo(token: string): Promise<string | null>;
  /** Something has changed. Resolves when this node goes by it. */
  refresh(): Promise<void>;
};

type Parts = {
  sql: Sql;
  keys: AccountKeys;
  operatorAccountId: string;
  directory: string;
  onError(error: unknown): void;
};

/** The context is made at the first connection: a thousand at the start would hold it up. */
type Served = TlsIdentity & { issuedAt: number; context: SecureContext | null };
type Copy = { thumbprint: string | null; byName: ReadonlyMap<string, Served> };

const READ_AT_ONCE = 100;

export async function openServedCertificates(parts: Parts): Promise<ServedCertificates> {
  const { sql, directory, onError } = parts;
  let known: ReadonlyMap<string, Served> = new Map();
  const read = async (): Promise<Copy> => {
    const account = await findAccount(sql, directory);
    known = await readServed(parts, known);
    return { thumbprint: account?.thumbprint ?? null, byName: known };
  };
  const copy = await FreshCopy.open(read, onError);
  return {
    contextOf(name) {
      const served = copy.value.byName.get(name.toLowerCase());
      if (served === undefined) return null;
      served.context ??= createSecureContext({
        ...{ cert: served.cert, key: served.key, minVersion: 'TLSv1.2' },
      });
      return served.context;
    },
    async answerTo(token) {
      // Until the account is there, which it is for good then; questions at the same time share a reading.
      if (copy.value.thumbprint === null) await copy.refresh();
      const { thumbprint } = copy.value;
      return thumbprint === null ? null : `${token}.${thumbprint}`;
    },
    refresh: () => copy.refresh(),
  };
}

/** Those that were known and are still the same are kept. */
async function readServed(
  { sql, keys, operatorAccountId, onError }: Parts,
  known: ReadonlyMap<string, Served>,
): Promise<Map<string, Served>> {
  const issued = await listIssued(sql);
  const issuedAt = new Map(issued.map((item) => [item.name, item.issuedAt]));
  const served = new Map([...known].filter(([name, old]) => issuedAt.get(name) === old.issuedAt));
  const fresh = [...issuedAt.keys()].filter((name) => !served.has(name));
  for (let at = 0; at < fresh.length; at += READ_AT_ONCE) {
    for (const { name, chain, sealedKey } of await readCertificates(
      sql,
      fresh.slice(at, at + READ_AT_ONCE),
    )) {
      try {
        const key = await keys.unseal(sealedKey, certificateKeyContext(operatorAccountId, name));
        const identity = { cert: chain, key: key.toString() };
        served.set(name, { ...identity, issuedAt: issuedAt.get(name) as number, context: null });
      } catch (error) {
        onError(error);
      }
    }
  }
  return served;
}

export function certificateKeyContext(accountId: string, name: string): SealContext {
  return { accountId, purpose: `key of the certificate of ${name}` };
}
