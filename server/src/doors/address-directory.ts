// The webhooks and function URLs that are being called, in memory and ready to be used: only the first call
// of an address goes to the database. Forgets a trigger when notified that it changed (TRIGGER_CHANNEL), and
// remembers for a while which addresses are nobody's, so that guessing at them costs us nothing. Called by
// the two doors.
import type { AccountKeys } from '../environment/account-keys.ts';
import { type IpRanges, ipRanges } from '../http/ip-ranges.ts';
import { SharedLoads } from '../memory/shared-loads.ts';
import type { Sql } from '../postgres/database.ts';
import type { Trigger } from '../triggers/trigger.ts';
import { openTriggerSecrets } from '../triggers/trigger-secrets.ts';
import { findTriggerByAddress, type StoredTrigger } from '../triggers/trigger-store.ts';

export type AddressTrigger = Extract<Trigger, { address: string }>;

export type KnownAddress = {
  trigger: AddressTrigger;
  /** null: everybody may call. */
  allowed: IpRanges | null;
  /** Of its verification. */
  secrets: string[];
};

export type AddressDirectory = {
  /**
   * What is behind an address; concurrent calls share one query.
   * @param address a UUID in lower case
   * @returns null where nothing is
   */
  find(address: string): Promise<KnownAddress | null>;
  /** A trigger has been made, changed or deleted. */
  forget(triggerId: string): void;
  /** Any may have. */
  forgetAll(): void;
};

type Parts = {
  sql: Sql;
  keys: Pick<AccountKeys, 'unseal'>;
  /** Addresses kept, and as many of nobody's; beyond it, the oldest goes. */
  capacity: number;
};

export function openAddressDirectory({ sql, keys, capacity }: Parts): AddressDirectory {
  const kept = new Map<string, KnownAddress>();
  const addressOf = new Map<string, string>();
  const nobodys = new Set<string>();
  const loads = new SharedLoads<KnownAddress | null>();

  async function load(address: string): Promise<KnownAddress | null> {
    const stored = await findTriggerByAddress(sql, address);
    return stored === null || !isAddressed(stored) ? null : await knownAddress(keys, stored);
  }

  function keep(address: string, known: KnownAddress | null): void {
    if (known === null) {
      nobodys.add(address);
      for (const oldest of nobodys) if (nobodys.size > capacity) nobodys.delete(oldest);
      return;
    }
    kept.set(address, known);
    addressOf.set(known.trigger.id, address);
    for (const [oldest, { trigger }] of kept) {
      if (kept.size <= capacity) return;
      kept.delete(oldest);
      addressOf.delete(trigger.id);
    }
  }

  return {
    find(address) {
      const known = kept.get(address) ?? (nobodys.has(address) ? null : undefined);
      if (known !== undefined) return Promise.resolve(known);
      return loads.load(address, load, (loaded) => keep(address, loaded));
    },
    forget(triggerId) {
      const address = addressOf.get(triggerId);
      if (address !== undefined) kept.delete(address);
      addressOf.delete(triggerId);
      // It may have got an address that was nobody's.
      nobodys.clear();
      loads.forgetAll();
    },
    forgetAll() {
      kept.clear();
      addressOf.clear();
      nobodys.clear();
      loads.forgetAll();
    },
  };
}

function isAddressed(stored: StoredTrigger): stored is StoredTrigger & AddressTrigger {
  return stored.kind === 'webhook' || stored.kind === 'function_url';
}

async function knownAddress(
  keys: Parts['keys'],
  trigger: StoredTrigger & AddressTrigger,
): Promise<KnownAddress> {
  const secrets = await openTriggerSecrets(keys, trigger);
  const { allowedIps } = trigger.settings;
  return {
    trigger,
    allowed: allowedIps === null ? null : ipRanges(allowedIps),
    secrets: Object.values(secrets),
  };
}
