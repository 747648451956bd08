// A customer who makes functions by Millrace's own API, for promises: JSON in, JSON out, through the public
// port.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { Customer, type RunView } from './customer.ts';

export type Json = Record<string, unknown>;
export type Own = Json & {
  id: string;
  version: number;
  enabled: boolean;
  build: { id: string; status: string; error: { message: string } | null } | null;
};
export type Refused = { error: { code: string; message: string; field?: string } };

const JSON_TYPE = { 'content-type': 'application/json' };

export class OwnCustomer extends Customer {
  /** A request that must be answered with this status. */
  async v1<T = Json>(method: string, path: string, body?: unknown, status = 200): Promise<T> {
    const answer = await this.request(`/millrace/v1${path}`, {
      method,
      ...(body === undefined ? {} : { headers: JSON_TYPE, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    assert.equal(answer.status, status, `${method} ${path}: ${text}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  }

  refused(method: string, path: string, body: unknown, status = 400): Promise<Refused> {
    return this.v1<Refused>(method, path, body, status);
  }

  make(body: Json): Promise<Own> {
    return this.v1<Own>('POST', '/functions', { name: 'own', runtime: 'nodejs24.x', ...body }, 201);
  }

  /** Runs it with data, and gives what it returned. */
  async resultOf<T = Json>(fn: { id: string }, data: unknown = null): Promise<T> {
    const { run, result } = await this.v1<{ run: RunView; result: T }>(
      'POST',
      `/functions/${fn.id}/runs`,
      data,
    );
    // It may still be written down that it has ended.
    assert.equal(run.error, null, JSON.stringify(run.error));
    return result;
  }

  /** An address at which it is called. */
  async urlOf(fn: { id: string }): Promise<string> {
    const made = { function_id: fn.id, kind: 'function_url' };
    const { url } = await this.v1<{ url: string }>('POST', '/triggers', made, 201);
    return `${this.millrace.url}${new URL(url).pathname}`;
  }

  /** What is read until it is as wanted: of work that ends by itself. */
  async until<T>(read: () => Promise<T>, isThere: (value: T) => boolean): Promise<T> {
    for (const giveUpAt = Date.now() + 60_000; ; await delay(25)) {
      const value = await read();
      if (isThere(value)) return value;
      assert.ok(Date.now() < giveUpAt, JSON.stringify(value));
    }
  }
}
