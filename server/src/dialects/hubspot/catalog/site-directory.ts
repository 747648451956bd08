// Whom a site's call is for: found by its host, by `portalid`, or because there is only one account. Kept in
// memory for seconds at most, and forgotten when notified that it changed (HOST_CHANNEL). A host that belongs
// to an account is that account's alone. Called by the door.
import type { World } from '../../../accounts/account.ts';
import type { HostDirectory } from '../../../accounts/host-directory.ts';
import { PORTAL_PATTERN } from '../../../config/site-settings.ts';
import { LatelyUsed } from '../../../memory/lately-used.ts';
import type { Sql } from '../../../postgres/database.ts';
import { findNamedPortal, findPortalId } from './portal-store.ts';
import { listFirstAccounts } from './site-store.ts';

/** `portalId`: what functions see as their account's id. */
export type Site = World & { portalId: number };

export type SiteQuestion = {
  /** As the request names it, read (http/host-name.ts); empty: it named none. */
  host: string;
  /** `portalid` of the query; null: there was none. */
  portal: string | null;
};

export type SiteDirectory = {
  /** @returns null where nobody is meant, or the host and the portal are two accounts' */
  find(question: SiteQuestion): Promise<Site | null>;
  forgetAll(): void;
};

type Parts = {
  sql: Sql;
  hosts: Pick<HostDirectory, 'ownerOf'>;
  /** Unix time in ms. */
  clock(): number;
};

const KEEP_MS = 10_000;
const CAPACITY = 10_000;

export function openSiteDirectory({ sql, hosts, clock }: Parts): SiteDirectory {
  const answers = new LatelyUsed<{ untilMs: number; answer: Promise<unknown> }>(CAPACITY);

  function kept<Answer>(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const found = answers.get(key);
    if (found !== undefined && found.untilMs > clock()) return found.answer as Promise<Answer>;
    const answer = ask();
    answers.set(key, { untilMs: clock() + KEEP_MS, answer });
    answer.catch(() => answers.get(key)?.answer === answer && answers.delete(key));
    return answer;
  }

  const worldOfPortal = (portal: string): Promise<World | null> => {
    if (!PORTAL_PATTERN.test(portal)) return Promise.resolve(null);
    return kept(`portal ${portal}`, () => findNamedPortal(sql, portal));
  };
  const onlyWorld = (): Promise<World | null> => kept('only', () => findOnlyWorld(sql));

  async function worldOf({ host, portal }: SiteQuestion): Promise<World | null> {
    const owner = await hosts.ownerOf(host);
    if (portal === null) return owner ?? onlyWorld();
    const named = await worldOfPortal(portal);
    if (owner !== null && named !== null && owner.accountId !== named.accountId) return null;
    // An installation with one account needs no portal ids: pages that still name the one they had elsewhere
    // go on.
    return named ?? owner ?? onlyWorld();
  }

  return {
    async find(question) {
      const world = await worldOf(question);
      if (world === null) return null;
      const portalId = await kept(`id ${world.accountId} ${world.mode}`, () => findPortalId(sql, world));
      return portalId === null ? null : { ...world, portalId };
    },
    forgetAll: () => answers.clear(),
  };
}

async function findOnlyWorld(sql: Sql): Promise<World | null> {
  const [only, ...others] = await listFirstAccounts(sql);
  return only === undefined || others.length > 0 ? null : { accountId: only.accountId, mode: 'live' };
}
