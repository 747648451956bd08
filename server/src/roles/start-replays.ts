// Runs that are run again, the dead-letter list, functions that are paused or disabled for their faults: what
// becomes of runs besides being executed.
import { deadLetterEndpoints } from '../api/dead-letter-endpoints.ts';
import { functionPauseEndpoints } from '../api/function-pause-endpoints.ts';
import type { ApiEndpoint } from '../api/millrace-api.ts';
import { replayEndpoints } from '../api/replay-endpoints.ts';
import { systemClock } from '../clock/clock.ts';
import { newRunId } from '../ids/ids.ts';
import { watchHeldRuns } from '../queue/held-runs.ts';
import { createFunctionPausing } from '../queue/pause-function.ts';
import { openReplays } from '../queue/replay-runs.ts';
import type { Platform } from './platform.ts';

const HELD_EVERY_MS = 10_000;

type Parts = Pick<
  Platform,
  'config' | 'log' | 'endings' | 'database' | 'queue' | 'keys' | 'functions' | 'recorder'
>;

/** @returns what belongs into Millrace's own API */
export function startReplays(parts: Parts): ApiEndpoint[] {
  const { config, log, endings, database, queue, keys, functions, recorder } = parts;
  const held = watchHeldRuns({ sql: database, everyMs: HELD_EVERY_MS, wake: queue.wake, log });
  endings.push(() => held.stop());
  const pausing = createFunctionPausing({ database, queue, onChanged: (id) => functions.forget(id) });
  const replays = openReplays({ database, queue, keys, functions, newRunId, clock: systemClock });
  const replaying = { sql: database, recorder, replays, publicUrl: config.publicUrl };
  return [
    ...replayEndpoints(replaying),
    ...deadLetterEndpoints(replaying),
    ...functionPauseEndpoints(pausing),
  ];
}
