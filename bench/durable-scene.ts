// What the measurements of durable work share: a Millrace, functions that are started by an event, and what
// their runs became. Through the public port; only floors and processor times look behind it.
import { Customer, type HostedFunction } from '../server/test/promises/customer.ts';
import { type Millrace, startMillrace } from '../server/test/promises/start-millrace.ts';
import { sleep } from './sleep.ts';

/** Says when its first line ran, on the clock that all processes of a machine share. ns */
export const FIRST_LINE = `exports.handler = async () => String(process.hrtime.bigint());`;
export const NO_OP = `exports.handler = async () => null;`;

export type DurableRun = {
  id: string;
  status: string;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  cause: Record<string, string>;
};

export class DurableScene {
  readonly millrace: Millrace;
  readonly customer: Customer;

  private constructor(millrace: Millrace, token = millrace.token) {
    this.millrace = millrace;
    this.customer = new Customer(millrace, token);
  }

  /** The same Millrace, for the one who has another token. */
  as(token: string): DurableScene {
    return new DurableScene(this.millrace, token);
  }

  static async open(env: Record<string, string> = {}): Promise<DurableScene> {
    return new DurableScene(await startMillrace({ env: { MILLRACE_LOG_LEVEL: 'warn', ...env } }));
  }

  upload(code: string, name = 'measured'): Promise<HostedFunction> {
    return this.customer.uploadCode(code, { environment: 'nodejs24.x', name });
  }

  post<T>(url: string, body: unknown): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    return this.customer.json<T>(url, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  listen(fn: HostedFunction, type: string): Promise<{ id: string }> {
    const settings = { notations: [type] };
    return this.post('/millrace/v1/triggers', { function_id: fn.id, kind: 'account_event', settings });
  }

  /** @returns ids of the runs that it starts */
  async publish(events: object | readonly object[]): Promise<string[]> {
    const { data } = await this.post<{ data: { runs: string[] }[] }>('/millrace/v1/events', events);
    return data.flatMap(({ runs }) => runs);
  }

  /** Every run of a function, once so many have ended. @throws Error when they don't within the patience */
  async ended(fn: HostedFunction, count: number, patienceMs = 120_000): Promise<DurableRun[]> {
    for (const giveUpAt = Date.now() + patienceMs; ; await sleep(20)) {
      // A long list, read over and over, would itself be what is measured.
      if (Date.now() < giveUpAt && (await this.#isGoing(fn))) continue;
      const ended = (await this.#runs(fn)).filter((run) => run.ended_at !== null);
      if (ended.length >= count) return ended;
      if (Date.now() > giveUpAt) throw new Error(`${ended.length} of ${count} runs have ended`);
    }
  }

  /** The same, of runs that nothing may have spoiled. @throws Error when one has not succeeded */
  async succeeded(fn: HostedFunction, count: number): Promise<DurableRun[]> {
    const runs = await this.ended(fn, count);
    const spoiled = runs.filter(({ status }) => status !== 'succeeded');
    if (spoiled.length > 0) throw new Error(`${spoiled.length} runs are ${spoiled[0]?.status}`);
    return runs;
  }

  async result(runId: string): Promise<string> {
    for (;;) {
      const answer = await this.customer.request(`/millrace/v1/runs/${runId}/result`);
      if (answer.ok) return ((await answer.json()) as { result: string }).result;
      await sleep(5);
    }
  }

  async #isGoing(fn: HostedFunction): Promise<boolean> {
    for (const status of ['queued', 'running']) {
      const url = `/millrace/v1/runs?function_id=${fn.id}&status=${status}&limit=1`;
      if ((await this.customer.json<{ data: unknown[] }>(url)).data.length > 0) return true;
    }
    return false;
  }

  async #runs(fn: HostedFunction): Promise<DurableRun[]> {
    const runs: DurableRun[] = [];
    let after = '';
    do {
      const url = `/millrace/v1/functions/${fn.id}/runs?limit=500${after}`;
      const page = await this.customer.json<{ data: DurableRun[]; next: string | null }>(url);
      runs.push(...page.data);
      after = page.next === null ? '' : `&after=${page.next}`;
    } while (after !== '');
    return runs;
  }

  close(): Promise<void> {
    return this.millrace.close();
  }
}

/** Of a sorted or unsorted list. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
