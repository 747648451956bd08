// Builds what lets runs in: the wall of this node, and the limits that accounts have over all nodes.
import { accountLimitEndpoints } from '../api/account-limit-endpoints.ts';
import type { LimitParts } from '../api/account-limit-fields.ts';
import type { ApiEndpoint } from '../api/millrace-api.ts';
import { systemClock } from '../clock/clock.ts';
import { usualBounds } from '../config/account-bounds.ts';
import type { PublishAccountChange } from '../events/account-changes.ts';
import type { ReportNearLimit } from '../events/report-near-limits.ts';
import { AccountGate } from '../limits/account-gate.ts';
import { LIMITS_CHANNEL } from '../limits/account-limits-store.ts';
import { Admission } from '../limits/admission.ts';
import { type BudgetKind, takeSlice } from '../limits/budget-store.ts';
import { ExecutionMeter } from '../limits/execution-meter.ts';
import { LimitDirectory } from '../limits/limit-directory.ts';
import { MinuteBudget } from '../limits/minute-budget.ts';
import type { NearWatch } from '../limits/near-watch.ts';
import { createPayloadLimiter, type PayloadLimitOf } from '../limits/payload-limit.ts';
import { SharedSlots } from '../limits/shared-slots.ts';
import { changeSlots } from '../limits/slot-store.ts';
import type { Database } from '../postgres/database.ts';
import type { Platform } from './platform.ts';

const TICK_MS = 1_000;

type Parts = Pick<Platform, 'config' | 'log' | 'endings' | 'hearing' | 'node' | 'database'> & {
  /** Connections that requests can't take. */
  urgent: Database;
  near: NearWatch;
  onNear: ReportNearLimit;
  /** Its tokens may change limits. */
  operatorAccountId: string;
};

export type StartedLimits = {
  gate: AccountGate;
  meter: ExecutionMeter;
  payloadLimitOf: PayloadLimitOf;
  /** What accounts get that have nothing of their own. */
  limitParts: LimitParts;
  endpoints(notifyChange: PublishAccountChange): ApiEndpoint[];
};

export function startLimits(parts: Parts): StartedLimits {
  const { near, onNear } = parts;
  const { config, log, endings, hearing, node, urgent, database } = parts;
  const usual = usualLimits(config.limits);
  const limits = new LimitDirectory(database, usual);
  hearing.on(
    LIMITS_CHANNEL,
    (accountId) => {
      for (const kept of [limits, runs, execution])
        if (accountId === '') kept.forgetAll();
        else kept.forget(accountId);
    },
    () => limits.forgetAll(),
  );
  const nodes = (): number => node.others + 1;
  const shared = { nodes, clock: systemClock, log };
  const budget = (kind: BudgetKind): MinuteBudget =>
    new MinuteBudget({ ...shared, kind, onNear, take: (wanted) => takeSlice(urgent, wanted) });
  const [runs, execution] = [budget('runs'), budget('execution_ms')];
  const slots = new SharedSlots({
    ...{ ...shared, near },
    onNodeLost: (listener) => node.onLost(listener),
    change: (wanted) => changeSlots(urgent, { ...wanted, node: node.id }),
  });
  const meter = new ExecutionMeter((accountId, tookMs) => execution.use(accountId, tookMs), systemClock);
  const gate = new AccountGate({
    ...{ admission: new Admission(config.limits.runsPerAccount), limits, slots, runs, execution, meter },
  });
  const timer = setInterval(() => {
    meter.tick();
    void Promise.all([runs.tick(), execution.tick(), slots.tick()]);
  }, TICK_MS);
  endings.push(async () => clearInterval(timer));
  const { operatorAccountId } = parts;
  const limitParts = { usual, usualBounds: usualBounds(config.accountBounds, config.limits) };
  const endpoints = (notifyChange: PublishAccountChange): ApiEndpoint[] =>
    accountLimitEndpoints({ ...limitParts, database, operatorAccountId, notifyChange });
  return {
    gate,
    meter,
    payloadLimitOf: createPayloadLimiter(limits),
    limitParts,
    endpoints,
  };
}

function usualLimits({
  runsPerMinute,
  accountSecondsPerMinute,
  concurrentRuns,
  queuedRuns,
  requestBytes,
}: Parts['config']['limits']) {
  return {
    ...{ runsPerMinute, executionSecondsPerMinute: accountSecondsPerMinute, concurrentRuns, queuedRuns },
    payloadBytes: requestBytes,
  };
}
