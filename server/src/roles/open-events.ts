// Opens account events: the catalogue, the door for publishers, the router for what SQL callers and the
// platform publish, and Millrace's own API of them.
import { eventEndpoints } from '../api/event-endpoints.ts';
import { eventTypeEndpoints } from '../api/event-type-endpoints.ts';
import type { ApiEndpoint } from '../api/millrace-api.ts';
import { systemClock } from '../clock/clock.ts';
import { createEventDispatcher } from '../events/dispatch-events.ts';
import { createPortionDispatcher } from '../events/dispatch-portion.ts';
import { type EventCatalogue, openEventCatalogue } from '../events/event-catalogue.ts';
import type { EventConsumer } from '../events/event-consumer.ts';
import { startEventRouter } from '../events/event-router.ts';
import { startEventSweeper } from '../events/event-sweeper.ts';
import { EVENT_TYPES_CHANNEL } from '../events/event-type-store.ts';
import { expectedRows } from '../events/fan-out.ts';
import { type EventPublishing, openEventPublishing } from '../events/publish-events.ts';
import { createPublishingRunFinder } from '../events/publishing-run.ts';
import { EVENTS_CHANNEL } from '../events/unmatched-store.ts';
import { newEventId, newRunId } from '../ids/ids.ts';
import type { KeptBytes } from '../limits/kept-bytes.ts';
import { openTriggerDirectory } from '../triggers/trigger-interests.ts';
import type { Monitoring } from './open-monitoring.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<
  Platform,
  'config' | 'log' | 'endings' | 'database' | 'hearing' | 'queue' | 'publishOwn'
> & {
  kept: KeptBytes;
  /** Who acts on events besides triggers. */
  consumers: readonly EventConsumer[];
  monitoring: Monitoring | null;
};

export type OpenedEvents = {
  catalogue: EventCatalogue;
  publishing: EventPublishing;
  endpoints: ApiEndpoint[];
  /** Begins to match what was kept unmatched. */
  start(): void;
};

export function openEvents(parts: Parts): OpenedEvents {
  const { config, log, endings, database, hearing, queue } = parts;
  const { limits } = config;
  const catalogue = openCatalogue(parts);
  const dispatching = {
    ...{ triggers: openTriggerDirectory(), queue, consumers: parts.consumers },
    newRunId: () => newRunId(systemClock()),
    mostRuns: limits.runsPerPublish,
    mostBytes: limits.bytesPerPublish,
  };
  const dispatch = createEventDispatcher(dispatching);
  const opened = openEventPublishing({
    ...{ database, catalogue, dispatch, queue, newEventId, kept: parts.kept },
    weigh: (given, enough) => expectedRows(dispatching, given, enough),
    clock: systemClock,
  });
  const publishing = parts.monitoring?.publishing(opened) ?? opened;
  endings.push(() => publishing.drain());
  const sweeper = startEventSweeper({ sql: database, retentionDays: limits.runRetentionDays, log });
  endings.push(() => sweeper.stop());
  const endpoints = [
    ...eventEndpoints({
      ...{ sql: database, publishing, limits },
      publishingRunOf: createPublishingRunFinder(database, limits.eventDepth),
    }),
    ...eventTypeEndpoints({ sql: database, catalogue, mostTypes: limits.eventTypesPerAccount }),
  ];
  const start = (): void => {
    const dispatchPortion = createPortionDispatcher(dispatching);
    const router = startEventRouter({
      database,
      dispatch,
      dispatchPortion,
      queue,
      publishOwn: parts.publishOwn,
      log,
    });
    endings.push(() => router.stop());
    hearing.on(EVENTS_CHANNEL, router.wake, router.wake);
  };
  return { catalogue, publishing, endpoints, start };
}

function openCatalogue({
  config,
  database,
  hearing,
}: Pick<Parts, 'config' | 'database' | 'hearing'>): EventCatalogue {
  const catalogue = openEventCatalogue({ sql: database, allowUnknown: config.allowUnknownEvents });
  hearing.on(EVENT_TYPES_CHANNEL, catalogue.forget, () => catalogue.forget(''));
  return catalogue;
}
