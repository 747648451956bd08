// What everything else stands on: the database and its first account, the keys, this node's life and its
// queue, what is heard of other nodes, and how the platform publishes events of its own. Called by serve.ts,
// first.
import type { Logger } from 'pino';
import { surviveRejections } from '../../../process/survive-rejections.ts';
import { writeUsualBounds } from '../accounts/account-bounds-store.ts';
import { systemClock } from '../clock/clock.ts';
import { usualBounds } from '../config/account-bounds.ts';
import type { Config } from '../config/config.ts';
import type { AccountKeys } from '../environment/account-keys.ts';
import { createOwnEventPublisher, type PublishOwn } from '../events/own-events.ts';
import { createNearStandingLimitReporter } from '../events/report-near-limits.ts';
import { newEventId } from '../ids/ids.ts';
import { type KeptBytes, startKeptBytes } from '../limits/kept-bytes.ts';
import { createNearWatch, type NearWatch } from '../limits/near-watch.ts';
import type { Database } from '../postgres/database.ts';
import type { Listening } from '../postgres/listener.ts';
import { observeStatements } from '../postgres/observe-statements.ts';
import type { RunChanges } from '../run-streams/run-changes.ts';
import { showFirstTokens } from './greeting.ts';
import { openFirstAccount } from './open-first-account.ts';
import { type Monitoring, openMonitoring } from './open-monitoring.ts';
import { type OpenedQueue, openQueue } from './open-queue.ts';
import { openRunChanges } from './open-run-streams.ts';
import { openStore } from './open-store.ts';
import { startLoopWatch } from './open-threads.ts';
import { type Endings, type Hearing, newHearing } from './platform.ts';
import { showMadeTokens } from './show-made-tokens.ts';
import { showKeptTokens } from './token-file.ts';

export type Life = { log: Logger; endings: Endings; stopping: AbortSignal };

export type Foundation = Life &
  OpenedQueue & {
    config: Config;
    /** Of the database. */
    url: string;
    database: Database;
    /** Resolves with the reason when the server can't go on. */
    broken: Promise<string>;
    /** The first account's. */
    operatorAccountId: string;
    keys: AccountKeys;
    hearing: Hearing & { listening(): Listening };
    publishOwn: PublishOwn;
    kept: KeptBytes;
    near: NearWatch;
    changes: RunChanges;
    /** null: nothing is measured. */
    monitoring: Monitoring | null;
  };

export async function openFoundation(config: Config, life: Life): Promise<Foundation> {
  const { log, endings } = life;
  startLoopWatch(config, endings);
  const monitoring = openMonitoring(config);
  const endSurviving = surviveRejections(log, monitoring?.rejected);
  endings.push(async () => endSurviving());
  const { url, broken, ...opened } = await openStore(config, log, endings);
  const database =
    monitoring === null ? opened.database : observeStatements(opened.database, monitoring.statement);
  const usual = usualBounds(config.accountBounds, config.limits);
  await writeUsualBounds(database, usual);
  const { first, keys } = await openFirstAccount(config, database);
  await showFirstTokens(config, first, { database, log });
  await showKeptTokens(config, database);
  const hearing = newHearing();
  showMadeTokens(hearing, log);
  const { eventDepth: mostDepth, runRetentionDays: keptDays } = config.limits;
  const publishOwn = createOwnEventPublisher({ newEventId, log, mostDepth, clock: systemClock });
  const near = createNearWatch(createNearStandingLimitReporter({ database, publishOwn, log }), systemClock);
  const kept = startKeptBytes({ sql: database, usual: usual.kept_bytes, log, keptDays });
  endings.push(() => kept.stop());
  const changes = openRunChanges({ database, log, endings, hearing });
  const queue = await openQueue({
    config,
    log,
    endings,
    hearing,
    keys,
    url,
    near,
    kept,
    changes,
    monitoring,
  });
  const operatorAccountId = first.account.id;
  return {
    ...{ ...life, ...queue, config, url, database, broken, operatorAccountId },
    ...{ keys, hearing, publishOwn, kept, near, changes, monitoring },
  };
}
