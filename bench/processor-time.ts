// Processor time of a Millrace's processes: what a measurement costs, which says more than its pace where
// others use the machine too.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { processOf } from '../server/test/promises/remains.ts';
import type { Millrace } from '../server/test/promises/start-millrace.ts';

/** Of /proc: a hundredth of a second. */
const TICK_MS = 10;

/** User and system, since their start. ms */
export type ProcessorTime = { server: number; database: number };

export function processorTime(millrace: Millrace): ProcessorTime {
  const postmaster = readFileSync(path.join(millrace.dataDir, 'postgres/postmaster.pid'), 'utf8').split(
    '\n',
  )[0];
  const server = String(processOf(millrace, 'serve'));
  const times: ProcessorTime = { server: 0, database: 0 };
  for (const pid of readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) {
    const { parent, ms, endedMs } = statOf(pid);
    if (pid === server) times.server += ms;
    else if (parent === postmaster) times.database += ms;
    // With what its ended connections have used.
    else if (pid === postmaster) times.database += ms + endedMs;
  }
  return times;
}

/** Of one process, ended children left out. ms */
export function processorMsOf(pid: number): number {
  return statOf(String(pid)).ms;
}

function statOf(pid: string): { parent: string; ms: number; endedMs: number } {
  try {
    // Behind the command, which may hold blanks: state, parent, ..., user and system time as the 12th and
    // 13th, then its children's.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /, '')
      .split(' ');
    const msOf = (at: number): number => (Number(fields[at]) + Number(fields[at + 1])) * TICK_MS;
    return { parent: fields[1] ?? '', ms: msOf(11), endedMs: msOf(13) };
  } catch {
    // It has just ended.
    return { parent: '', ms: 0, endedMs: 0 };
  }
}
