// Opens what sends runs to a collector of OpenTelemetry, where one is set. Called by open-execution.ts.
import path from 'node:path';
import { homeDir } from '../../../contract/paths.ts';
import { StartError } from '../../../process/start-error.ts';
import { openSpanSender } from '../monitoring/send-spans.ts';
import type { RunWatch } from '../runs/run-watch.ts';
import type { Foundation } from './open-foundation.ts';
import { ownVersion } from './own-version.ts';

type Parts = Pick<Foundation, 'config' | 'log' | 'endings'>;

/**
 * @returns who is given every run that is written; none where there is no collector
 * @throws StartError where what sends is not installed
 */
export function openTelemetry({ config, log, endings }: Parts): RunWatch[] {
  const { otlpEndpoint: endpoint, otelServiceName: serviceName } = config;
  if (endpoint === null) return [];
  const headers = Object.fromEntries(config.otlpHeaders);
  const packageFile = path.join(homeDir(), 'telemetry/package.json');
  try {
    const sender = openSpanSender({
      packageFile,
      endpoint,
      headers,
      serviceName,
      version: ownVersion(),
      log,
    });
    endings.push(() => sender.close());
    log.info({ endpoint: new URL(endpoint).origin }, 'runs are sent to a collector of traces');
    return [sender.watch];
  } catch (error) {
    throw new StartError(
      `OTEL_EXPORTER_OTLP_ENDPOINT is set, but the packages in telemetry/ are not installed (npm start does it): ${(error as Error).message}`,
    );
  }
}
