// Has the mails that are due worked on (work-mail.ts), on every node; claims keep two nodes from sending the same. Started by roles/.
import type { Logger } from 'pino';
import type { Database } from '../postgres/database.ts';
import { type ClaimEngine, startClaimEngine } from '../queue/claim-engine.ts';
import {
  claimMails,
  deleteOldMails,
  msUntilMail,
  renewMails,
  type TemplateMail,
} from './template-mail-store.ts';

type Parts = {
  database: Database;
  /** Asks, compiles, sends. Never rejects. */
  work(mail: TemplateMail): Promise<void>;
  log: Logger;
  retentionDays: number;
};

/** In hand at a time: most of it is waiting for mail servers. */
const MOST = 16;
const SWEPT_AT_ONCE = 1_000;

export function startMailEngine({ database, work, log, retentionDays }: Parts): ClaimEngine {
  return startClaimEngine<TemplateMail>({
    ...{ work, log, most: MOST, subject: 'mails of templates' },
    claim: (room) => claimMails(database, room),
    renew: (mails, holdMs) => renewMails(database, mails, holdMs),
    untilNext: (except) => msUntilMail(database, except),
    sweep: () => deleteOldMails(database, retentionDays, SWEPT_AT_ONCE),
  });
}
