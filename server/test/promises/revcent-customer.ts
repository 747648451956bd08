// A customer with functions of the RevCent dialect: makes and edits them by API v2, calls their addresses,
// looks at their runs. All through the public port.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { Customer, type RunView } from './customer.ts';

export type Fn = {
  function_id: string;
  enabled: boolean;
  disabled_reason: string | null;
  event_source: string;
  function_url: string | null;
  webhook_url: string | null;
  function_code: string;
  version: number;
  build: {
    id: string | null;
    status: string;
    installed: Record<string, string>;
    error: { message: string } | null;
  };
  dependencies: Record<string, string>;
  environment_variables: { name: string; value: string; encrypted: boolean; description: string }[];
  warnings?: { message: string; line: number; column: number }[];
};

export type Refusal = {
  message: string;
  error: { code: string; field?: string; problems?: { field: string; message: string }[] };
};

const LOOK_EVERY_MS = 50;

export class RevcentCustomer extends Customer {
  /** Checks the envelope. @param status what must be answered */
  async v2<T>(method: string, path: string, body?: unknown, status = 200): Promise<T> {
    const answer = await fetch(`${this.millrace.url}/v2${path}`, {
      method,
      headers: { 'x-api-key': this.token, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    assert.equal(answer.status, status, text.slice(0, 2_000));
    const read = JSON.parse(text) as T & { api_call_id: string; code: number };
    assert.match(read.api_call_id, /^[0-9A-Za-z]{20}$/);
    assert.equal(read.code, status === 200 ? 1 : 0);
    return read;
  }

  /** Enabled, and at a URL where nothing else is said. */
  make(part: Record<string, unknown>): Promise<Fn> {
    return this.v2('POST', '/functions', { event_source: 'function_url', enabled: true, ...part });
  }

  change({ function_id: id }: Fn, part: Record<string, unknown>): Promise<Fn> {
    return this.v2('POST', `/functions/${id}`, part);
  }

  look({ function_id: id }: Fn): Promise<Fn> {
    return this.v2('GET', `/functions/${id}`);
  }

  /** What it answers at its URL, which must be fine, as JSON. */
  async answerOf<T>(fn: Fn, body?: string): Promise<T> {
    const answer = await fetch(fn.function_url ?? '', body === undefined ? {} : { method: 'POST', body });
    const text = await answer.text();
    if (answer.status !== 200)
      throw new Error(`${answer.status} ${text}: ${JSON.stringify(await this.runOf(answer))}`);
    return JSON.parse(text) as T;
  }

  /** Waits until a function has so many runs that are over. @returns them, newest first */
  async endedRuns({ function_id: id }: Fn, count: number): Promise<RunView[]> {
    for (;;) {
      const { data } = await this.json<{ data: RunView[] }>(`/millrace/v1/functions/${id}/runs`);
      const over = data.filter(({ status }) => status !== 'queued' && status !== 'running');
      if (over.length >= count) return over;
      await delay(LOOK_EVERY_MS);
    }
  }

  async endedRun(fn: Fn): Promise<RunView> {
    return (await this.endedRuns(fn, 1))[0] as RunView;
  }

  /** Waits until the packages of a function are there, or can't be. */
  async built(fn: Fn): Promise<Fn> {
    for (;;) {
      const now = await this.look(fn);
      if (now.build.status !== 'building') return now;
      await delay(LOOK_EVERY_MS);
    }
  }

  /** Publishes an account event. @returns the runs that it has started */
  async happens(notation: string, event: Record<string, unknown>): Promise<string[]> {
    const { data } = await this.json<{ data: { runs: string[] }[] }>('/millrace/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ notations: [notation], item_id: 'nbO1jv0On1ukzvdg1lNz', ...event }),
    });
    return data.flatMap(({ runs }) => runs);
  }

  async textOfLog(run: RunView): Promise<string> {
    return (await this.logOf(run)).join('\n');
  }
}
