// Starts e-mail templates: events and the API make mails of them, functions add to them, the engine sends;
// and Millrace's own API.

import { emailTemplateEndpoints } from '../api/email-template-endpoints.ts';
import type { ApiEndpoint } from '../api/millrace-api.ts';
import { systemClock } from '../clock/clock.ts';
import { usualBounds } from '../config/account-bounds.ts';
import { newItemId, newRunId } from '../ids/ids.ts';
import { startClaimEngine } from '../queue/claim-engine.ts';
import { type Waiting, waitingDepth } from '../queue/waiting-depth.ts';
import type { AttemptParts } from '../runs/attempt-run.ts';
import { createMailStarter, templateFollower } from '../sources/templates/follow-runs.ts';
import { openRenderer } from '../sources/templates/renderer.ts';
import { MAILS, MAILS_CHANNEL } from '../sources/templates/template-mail-store.ts';
import { createMailWorker } from '../sources/templates/work-mail.ts';
import type { BundleCache } from '../versions/bundle-cache.ts';
import type { Offer } from './area.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<
  Platform,
  'config' | 'log' | 'endings' | 'database' | 'hearing' | 'queue' | 'invoke' | 'sendMail'
> & { attempts: AttemptParts; bundles: BundleCache; mailDepth: Waiting };

/** In hand at a time: most of it is waiting for mail servers. */
const MOST_MAILS = 16;

/** They sort by time, as ids of runs do. */
const newMailId = (): string => newRunId(systemClock());

export function offerTemplates({
  config,
  kept,
}: Pick<Platform, 'config' | 'kept'>): Offer & { mailDepth: Waiting } {
  const mailDepth = waitingDepth('waiting_mails', {
    ...{ usual: usualBounds(config.accountBounds, config.limits), kept, clock: systemClock },
  });
  return {
    mailDepth,
    consumers: [createMailStarter(newMailId, mailDepth)],
    followers: { email_template: templateFollower },
  };
}

export async function startTemplates(parts: Parts): Promise<ApiEndpoint[]> {
  const { config, log, endings, database, hearing, queue, invoke, attempts, bundles, sendMail } = parts;
  const render = await openRenderer({ database, bundles, attempts, newRunId, clock: systemClock });
  if (config.roles.includes('worker')) {
    const { mailRetryMs: firstRetryMs, runRetentionDays: retentionDays } = config.limits;
    const work = createMailWorker({
      ...{ database, queue, render, sendMail, newRunId, clock: systemClock, firstRetryMs, log },
    });
    const engine = startClaimEngine({
      ...{ sql: database, table: MAILS, subject: 'mails of templates', log },
      ...{ work, most: MOST_MAILS, retentionDays },
    });
    endings.push(() => engine.stop());
    hearing.on(MAILS_CHANNEL, engine.wake, engine.wake);
  }
  return emailTemplateEndpoints({
    sql: database,
    depth: parts.mailDepth,
    render,
    call: invoke,
    newTemplateId: newItemId,
    newMailId,
  });
}
