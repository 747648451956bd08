// Which processes are in which pid namespace, and what memory they hold: read from /proc. Called by
// watched-limits.ts, where there are no cgroups to ask.
import { readdirSync, readFileSync, readlinkSync, statfsSync, statSync } from 'node:fs';

export type ProcessFacts = {
  pid: number;
  parent: number;
  /** Name of its pid namespace. */
  namespace: string;
  /** A thread of it that shows its memory: its first, unless that has ended before the others. */
  thread: number;
  /** Pages that it shares with others count whole. */
  residentPages: number;
};

type ThreadFacts = { parent: number; hasEnded: boolean; residentPages: number };

/** Every process in sight that may be looked at. */
export function readProcesses(): ProcessFacts[] {
  const pids = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  return pids.flatMap((pid) => {
    const found = unlessGone(() => readProcess(pid));
    return found === null ? [] : [found];
  });
}

function readProcess(pid: string): ProcessFacts {
  const first = readThread(pid);
  const thread = first.hasEnded ? livingThread(pid) : pid;
  return {
    pid: Number(pid),
    parent: first.parent,
    namespace: readlinkSync(`/proc/${pid}/ns/pid`),
    thread: Number(thread),
    residentPages: thread === pid ? first.residentPages : readThread(thread).residentPages,
  };
}

/** A process whose first thread has ended says nothing of its memory, whatever its others hold. */
function livingThread(pid: string): string {
  const others = readdirSync(`/proc/${pid}/task`).filter((thread) => thread !== pid);
  return others.find((thread) => unlessGone(() => readThread(thread))?.hasEnded === false) ?? pid;
}

function readThread(thread: string): ThreadFacts {
  const stat = readFileSync(`/proc/${thread}/stat`, 'latin1');
  // The command before the last bracket may hold anything. Fields: proc_pid_stat(5), counted from the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    parent: Number(fields[1]),
    hasEnded: fields[0] === 'Z' || fields[0] === 'X',
    residentPages: Number(fields[21]),
  };
}

/**
 * What a process holds: a page that n processes share counts as the n-th part.
 * @param thread of it that has not ended
 * @returns 0 when it has
 */
export function proportionalBytes(thread: number): number {
  const text = unlessGone(() => readFileSync(`/proc/${thread}/smaps_rollup`, 'latin1'));
  return Number(/^Pss:\s+(\d+) kB/m.exec(text ?? '')?.[1] ?? 0) * 1024;
}

const IN_MEMORY = ['tmp', 'dev/shm'] as const;

/**
 * What lies in the jail's file systems in memory, as a process of it sees them. 0 when it has ended, and
 * while its jail is still being built: until it has entered, it sees the machine's own disks there.
 */
export function bytesInFiles(pid: number): number {
  const sizes = IN_MEMORY.map((place) =>
    unlessGone(() => {
      const seen = `/proc/${pid}/root/${place}`;
      const machines = statSync(`/${place}`, { throwIfNoEntry: false });
      if (statSync(seen).dev === machines?.dev) return 0;
      const { blocks, bfree, bsize } = statfsSync(seen);
      return (blocks - bfree) * bsize;
    }),
  );
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

const GONE = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'];

function unlessGone<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (!GONE.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return null;
  }
}
