// Counts what an instance uses of the processor beside its runs: what they have left behind, and what a run
// does that goes on after its answer. Reads the kernel's counter; decides nothing but whether the budget is
// spent (leftover-time.ts). Called by the pool.
import type { Member } from './revision-pool.ts';

/** Processor time that runs have left behind them in an instance. */
export type Leftover = { accountId: string; functionId: string; usedMs: number; isSpent: boolean };
export type ReportLeftover = (leftover: Leftover) => void;

/**
 * Counts what was left behind since it was looked at last. Of functions that reuse nothing, nothing is left
 * after a run.
 * @returns whether that is more than it may be
 */
export function countLeftovers(member: Member, now: number, report: ReportLeftover): boolean {
  const { instance, pool, time } = member;
  const cpuMs = pool.target.reuse === 'none' ? null : instance.cpuUsageMs();
  if (cpuMs === null) return false;
  const usedMs = time.look(cpuMs, now);
  const isSpent = time.isSpent && instance.takesRuns;
  reportOf(member, { usedMs, isSpent }, report);
  return isSpent;
}

/**
 * Counts what a run has used since its answer, or since it was counted last: its time goes on, and nobody
 * waits for it.
 */
export function countLingering(member: Member, report: ReportLeftover): void {
  if (member.lingersFromMs === null) return;
  const cpuMs = member.instance.cpuUsageMs() ?? member.lingersFromMs;
  reportOf(member, { usedMs: cpuMs - member.lingersFromMs, isSpent: false }, report);
  member.lingersFromMs = cpuMs;
}

function reportOf(
  { pool }: Member,
  used: Pick<Leftover, 'usedMs' | 'isSpent'>,
  report: ReportLeftover,
): void {
  const { accountId, functionId } = pool.target;
  if (used.usedMs > 0) report({ accountId, functionId, ...used });
}
