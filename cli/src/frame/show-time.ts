// Times and durations, as people read them; and how they write them: `15m`, `2h`, a day or a time. Pure.
import { CliError } from '../cli-error.ts';

const UNIT_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @returns ISO 8601 @throws CliError `usage` */
export function timeBefore(given: string, nowMs: number): string {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(given) ?? [];
  if (count !== undefined && unit !== undefined) {
    return new Date(nowMs - Number(count) * (UNIT_MS[unit] ?? 0)).toISOString();
  }
  const at = Date.parse(given);
  if (Number.isNaN(at)) throw new CliError('usage', `${given} is no time: 15m, 2h, 3d, 2026-11-17T08:00:00Z`);
  return new Date(at).toISOString();
}

export function showDuration(ms: number | null): string {
  if (ms === null) return '–';
  return ms < 1_000 ? `${ms.toFixed(1)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}
