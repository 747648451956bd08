// Where runs are sent as spans, by the names that OpenTelemetry gives its settings. Pure; part of config.ts,
// which reports all problems at once. Further ones (`OTEL_EXPORTER_OTLP_TIMEOUT`, ...) its packages read
// themselves.
import type { SettingReader } from './setting-reader.ts';

export type TelemetrySettings = {
  /** Base address of a collector; null: nothing is sent. OTEL_EXPORTER_OTLP_ENDPOINT */
  otlpEndpoint: string | null;
  /** Sent with each request: `name=value,...`. OTEL_EXPORTER_OTLP_HEADERS */
  otlpHeaders: ReadonlyMap<string, string>;
  /** OTEL_SERVICE_NAME */
  otelServiceName: string;
};

export const TELEMETRY_SETTING_NAMES = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_SERVICE_NAME',
] as const;

export function parseTelemetrySettings(
  { text, list }: Pick<SettingReader, 'text' | 'list'>,
  problems: string[],
): TelemetrySettings {
  const endpoint = text('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (endpoint !== null && !isHttp(endpoint))
    problems.push('OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https address');
  const pairs = list('OTEL_EXPORTER_OTLP_HEADERS').map((pair) => /^([^=]+)=(.*)$/.exec(pair));
  if (pairs.includes(null))
    problems.push('OTEL_EXPORTER_OTLP_HEADERS must be a list such as name=value,name=value');
  return {
    otlpEndpoint: endpoint?.replace(/\/+$/, '') ?? null,
    otlpHeaders: new Map(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? ''])),
    otelServiceName: text('OTEL_SERVICE_NAME') ?? 'millrace',
  };
}

function isHttp(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
