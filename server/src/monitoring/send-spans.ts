// Sends runs as spans to a collector of OpenTelemetry, by its own packages, which are loaded here and only
// where a collector is set. Never delays a run: what a collector that is away makes wait is bounded, and then
// dropped. Called by roles/open-telemetry.ts.
import { createRequire } from 'node:module';
import type { Logger } from 'pino';
import type { RunWatch } from '../runs/run-watch.ts';
import { type RunSpan, spanOf } from './run-spans.ts';

export type SpanSender = { watch: RunWatch; close(): Promise<void> };

export type SpanSenderParams = {
  /** Of the folder whose packages are loaded. */
  packageFile: string;
  /** Without a slash at its end. */
  endpoint: string;
  headers: Readonly<Record<string, string>>;
  serviceName: string;
  version: string;
  log: Logger;
};

/** Of what the packages have, what is used here. */
type Processor = { onEnd(span: unknown): void; shutdown(): Promise<void> };
type Packages = {
  trace: { BatchSpanProcessor: new (options: object) => Processor };
  exporter: { OTLPTraceExporter: new (options: object) => object };
  resources: { resourceFromAttributes(attributes: Record<string, string>): unknown };
};

const BATCH = { maxQueueSize: 8192, maxExportBatchSize: 512, scheduledDelayMillis: 1_000 };

/** @throws Error where the packages are not installed */
export function openSpanSender(params: SpanSenderParams): SpanSender {
  const { endpoint, headers, serviceName, version } = params;
  const { trace, exporter, resources } = loadPackages(params.packageFile);
  const processor = new trace.BatchSpanProcessor({
    exporter: new exporter.OTLPTraceExporter({ url: `${endpoint}/v1/traces`, headers }),
    ...BATCH,
  });
  const resource = resources.resourceFromAttributes({
    'service.name': serviceName,
    'service.version': version,
  });
  const common = {
    ...{ resource, instrumentationScope: { name: 'millrace', version }, links: [], events: [], ended: true },
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
  };
  const send = (span: RunSpan | null): void => {
    if (span !== null) processor.onEnd({ ...common, ...span });
  };
  return {
    watch: async (_sql, written) => {
      for (const one of written) send(spanOf(one));
    },
    close: () =>
      processor.shutdown().catch((error: unknown) => {
        params.log.warn({ err: error }, 'the last runs could not be sent to the collector of traces');
      }),
  };
}

function loadPackages(packageFile: string): Packages {
  const load = createRequire(packageFile);
  return {
    trace: load('@opentelemetry/sdk-trace') as Packages['trace'],
    exporter: load('@opentelemetry/exporter-trace-otlp-http') as Packages['exporter'],
    resources: load('@opentelemetry/resources') as Packages['resources'],
  };
}
