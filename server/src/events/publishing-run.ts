// Which run of ours publishes, where it says so in the header `Millrace-Run`: so that events which cause one
// another are counted, and come to rest. Believed only of a run that is going on in the publisher's own
// world; a function that says nothing is taken for the outside. Called by the API.
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import type { Sql } from '../postgres/database.ts';
import { readTraceparent, traceparentOf } from '../runs/trace-context.ts';
import { findPublishingRun } from './event-run-store.ts';

/** `depth`: of the events that it publishes; `runId`: null where it is none of ours. */
export type PublishingRun = { runId: string | null; depth: number; traceparent: string | null };

export type PublishingRunOf = (
  world: World,
  header: string | string[] | undefined,
) => Promise<PublishingRun | null>;

const RUN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HEADER = 'Millrace-Run';

/** @param mostDepth events that may have caused one another */
/** What a publisher says of its trace comes before what is known of its run. */
export function withTrace(
  by: PublishingRun | null,
  header: string | string[] | undefined,
): PublishingRun | null {
  const said = readTraceparent(header);
  if (said === null) return by;
  return { ...(by ?? { runId: null, depth: 0 }), traceparent: traceparentOf(said) };
}

export function createPublishingRunFinder(sql: Sql, mostDepth: number): PublishingRunOf {
  return async (world, header) => {
    if (header === undefined) return null;
    const runId = String(header);
    if (!RUN_ID.test(runId)) {
      fail('invalid_input', { message: `${HEADER}: must be the id of a run`, field: HEADER });
    }
    const run = await findPublishingRun(sql, world, runId);
    if (run === null) return null;
    const depth = run.causeDepth === null ? 0 : run.causeDepth + 1;
    if (depth > mostDepth) {
      fail('invalid_state', {
        message: `${HEADER}: ${mostDepth} events have caused one another, and a run of the last of them publishes no more`,
        field: HEADER,
        facts: { limit: mostDepth },
      });
    }
    return { runId, depth, traceparent: run.traceparent };
  };
}
