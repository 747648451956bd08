// Reads the numeric limits, each within the bounds of limits.ts, and what they must not be beside each other.
// Pure; part of config.ts, which reports all problems at once.
import { LIMIT_RULES, type Limits } from './limits.ts';
import type { SettingReader } from './setting-reader.ts';

type Machine = { totalMemoryMb: number; cores: number };

/** @param machine what is not set by hand goes by it */
export function parseLimits({ whole }: SettingReader, machine: Machine, problems: string[]): Limits {
  const limits = Object.fromEntries(
    Object.entries(LIMIT_RULES).map(([key, [name, otherwise, least, most]]) => [
      key,
      whole(name, otherwise, { least, most }),
    ]),
  ) as Limits;
  if (limits.memoryBudgetMb === 0)
    limits.memoryBudgetMb = Math.max(256, Math.floor(machine.totalMemoryMb / 2));
  if (limits.startsAtOnce === 0) limits.startsAtOnce = 2 * machine.cores;
  if (limits.workerRuns === 0) limits.workerRuns = usualWorkerRuns(limits);
  if (limits.timeoutMs > limits.maxTimeoutMs) {
    problems.push('MILLRACE_TIMEOUT_MS must not be over MILLRACE_MAX_TIMEOUT_MS');
  }
  if (limits.memoryMb > limits.maxMemoryMb) {
    problems.push('MILLRACE_MEMORY_MB must not be over MILLRACE_MAX_MEMORY_MB');
  }

  if (limits.delayLeastMs > limits.delayMostMs) {
    problems.push('MILLRACE_DELAY_LEAST_MS must not be over MILLRACE_DELAY_MOST_MS');
  }
  return limits;
}

/** As many as three quarters of the memory hold: synchronous runs find room beside them. */
function usualWorkerRuns({ memoryBudgetMb, memoryMb }: Limits): number {
  return Math.min(64, Math.max(2, Math.floor((memoryBudgetMb * 0.75) / memoryMb)));
}
