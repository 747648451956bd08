// The settings of what operators' monitoring reads. Pure; part of config.ts, which reports all problems at
// once.
import type { SettingReader } from './setting-reader.ts';

export type MonitoringSettings = {
  /** null: none, and nothing is measured. MILLRACE_METRICS_PORT */
  metricsPort: number | null;
  /** Address to listen on. MILLRACE_METRICS_HOST */
  metricsHost: string;
  /** How long `/readyz` says 503 before the end begins. s. MILLRACE_DRAIN_S */
  drainS: number;
};

export const MONITORING_SETTING_NAMES = [
  'MILLRACE_METRICS_PORT',
  'MILLRACE_METRICS_HOST',
  'MILLRACE_DRAIN_S',
] as const;

/** The launcher waits 30 s for the end, and calls in hand take their time, too. */
const LONGEST_DRAIN_S = 15;

export function parseMonitoringSettings({ text, whole }: SettingReader): MonitoringSettings {
  const port = whole('MILLRACE_METRICS_PORT', 0, { least: 0, most: 65_535 });
  return {
    metricsPort: port === 0 ? null : port,
    metricsHost: text('MILLRACE_METRICS_HOST') ?? '127.0.0.1',
    drainS: whole('MILLRACE_DRAIN_S', 0, { least: 0, most: LONGEST_DRAIN_S }),
  };
}
