// What becomes of a schedule whose time has come: which ticks run now, which one waits, when the next is.
// Pure; the time is the database's. Called by scheduler.ts.
//
//   on time    a tick at most a minute old: it runs
//   missed     an older one (no scheduler was up, or the trigger was paused): catch-up `skip` drops it, `once` makes one run of
//              all of them (the latest), `all` runs the latest `limit` of them
//   too early  the run of an earlier tick isn't over: overlap `allow` runs it all the same, `skip` drops it, `queue_one` lets one
//              wait for that end and drops what comes meanwhile
import type { Timetable } from '../cron/timetable.ts';
import type { ScheduleTriggerSettings } from '../triggers/trigger.ts';

export type ScheduleState = {
  settings: Pick<ScheduleTriggerSettings, 'catchUp' | 'overlap'>;
  /** Unix times in ms. null: the schedule begins now. */
  nextTickMs: number | null;
  waitingTickMs: number | null;
  /** A run of an earlier tick isn't over. */
  isBusy: boolean;
};

export type Ticking = {
  /** Ticks that become runs now, oldest first. */
  runs: number[];
  waitingTickMs: number | null;
  nextTickMs: number | null;
};

const ON_TIME_MS = 60_000;

export function tick(state: ScheduleState, timetable: Timetable, nowMs: number): Ticking {
  const { nextTickMs, waitingTickMs, settings } = state;
  const isDue = nextTickMs !== null && nextTickMs <= nowMs;
  const due = isDue ? ticksToRun(settings.catchUp, timetable, { fromMs: nextTickMs, nowMs }) : [];
  const wanted = waitingTickMs === null ? due : [waitingTickMs, ...due];
  return {
    ...withoutOverlap(settings.overlap, wanted, state.isBusy),
    nextTickMs: nextTickMs === null || isDue ? timetable.after(nowMs) : nextTickMs,
  };
}

type Time = { /** Of the first tick that is due. */ fromMs: number; nowMs: number };

function ticksToRun(
  catchUp: ScheduleTriggerSettings['catchUp'],
  timetable: Timetable,
  { fromMs, nowMs }: Time,
): number[] {
  const onTimeFromMs = Math.max(fromMs, nowMs - ON_TIME_MS);
  const onTime = ticksFrom(timetable, onTimeFromMs, { fromMs, nowMs });
  const hasMissed = fromMs < nowMs - ON_TIME_MS;
  if (!hasMissed || catchUp.policy === 'skip') return onTime;
  const missed = catchUp.policy === 'all' ? catchUp.limit : 1;
  const latest = latestTicks(timetable, { fromMs, nowMs }, missed + onTime.length);
  return catchUp.policy === 'once' ? latest.slice(-1) : latest;
}

/**
 * What is due from a start on. The first due tick counts as it was promised, even if the zone's clocks have
 * been changed by law since.
 */
function ticksFrom(timetable: Timetable, startMs: number, { fromMs, nowMs }: Time): number[] {
  const ticks: number[] = [];
  let at = startMs === fromMs ? fromMs : timetable.after(startMs - 1);
  for (; at !== null && at <= nowMs; at = timetable.after(at)) ticks.push(at);
  return ticks;
}

const FIRST_LOOK_BACK_MS = 3_600_000;

/** Looks back in growing steps: after a year's downtime nobody walks through every minute of it. */
function latestTicks(timetable: Timetable, time: Time, count: number): number[] {
  for (let backMs = FIRST_LOOK_BACK_MS; ; backMs *= 6) {
    const startMs = Math.max(time.fromMs, time.nowMs - backMs);
    const ticks = ticksFrom(timetable, startMs, time);
    if (ticks.length >= count || startMs === time.fromMs) return ticks.slice(-count);
  }
}

function withoutOverlap(
  overlap: ScheduleTriggerSettings['overlap'],
  wanted: number[],
  isBusy: boolean,
): Pick<Ticking, 'runs' | 'waitingTickMs'> {
  if (overlap === 'allow') return { runs: wanted, waitingTickMs: null };
  if (overlap === 'skip') return { runs: isBusy ? [] : wanted.slice(-1), waitingTickMs: null };
  if (isBusy) return { runs: [], waitingTickMs: wanted[0] ?? null };
  return { runs: wanted.slice(0, 1), waitingTickMs: wanted[1] ?? null };
}
