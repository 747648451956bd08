// Every number that this node counts as things happen: names by Prometheus' conventions, each label from a
// closed set, none of an account or a function. What is read when it is asked for is gauges.ts. Called by
// roles/open-monitoring.ts; tests compare the alert rules and the dashboard with what is served.
import { Counter, Histogram, type Registry, type RegistryContentType } from 'prom-client';

/** Of calls and statements: from a millisecond on. s */
const SHORT = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30];
/** Of runs and waits: up to the longest that a run may take. s */
const LONG = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];

export type Instruments = ReturnType<typeof createInstruments>;

export function createInstruments(registry: Registry<RegistryContentType>) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name: `millrace_${name}_total`, help, labelNames, registers });
  const histogram = <Label extends string>(
    [name, help, buckets]: [name: string, help: string, buckets: number[]],
    labelNames: readonly Label[],
  ) => new Histogram({ name: `millrace_${name}_seconds`, help, buckets, labelNames, registers });
  return {
    runs: counter('runs', 'Runs that ended', ['outcome', 'language', 'trigger']),
    coldStarts: counter('cold_starts', 'Attempts that were the first of their sandbox', ['language']),
    runDuration: histogram(['run_duration', 'How long attempts took in their sandbox', LONG], ['language']),
    runWait: histogram(
      ['run_wait', 'From when a run was accepted, or due, until its first attempt began', LONG],
      ['way'],
    ),
    initDuration: histogram(
      ['init_duration', 'How long loading a function took, its sandbox included', LONG],
      ['language'],
    ),
    sandboxStart: histogram(
      ['sandbox_start', 'How long starting an instance took, ready or failed', LONG],
      ['result'],
    ),
    sandboxWait: histogram(['sandbox_wait', 'How long runs waited for a place in an instance', LONG], []),
    settle: histogram(['settle', 'From the end of an attempt of the queue until it was written', SHORT], []),
    requests: histogram(['http_request_duration', 'Requests at the public port', SHORT], ['door', 'status']),
    refusals: counter('refusals', 'Requests that were refused or failed, by error code', ['code']),
    statements: histogram(
      ['database_statement_duration', 'Statements, until their answer was there', SHORT],
      ['statement'],
    ),
    events: counter('events_published', 'Events accepted, those of the platform itself not counted', [
      'mode',
    ]),
    deliveries: counter('delivery_attempts', 'Attempts to deliver events to subscribers', ['end']),
    deliveryDuration: histogram(['delivery_duration', 'How long attempts to deliver took', SHORT], []),
    rejections: counter('unhandled_rejections', 'Defects: promises rejected that nobody waited for', []),
    builds: counter('builds', 'Builds of packages that ended', ['result']),
  };
}
