// A customer of the platform, for promises: packs functions with the real `zip`, uploads them, calls them,
// looks at their runs. Everything through the public port.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Millrace } from './start-millrace.ts';

export type FunctionFields = {
  name?: string;
  handler?: string;
  environment?: string;
  variables?: Record<string, string>;
};

export type HostedFunction = { id: string; invokeUrl: string };

export type RunView = {
  id: string;
  function_id: string;
  version: number;
  status: string;
  attempts: number;
  duration_ms: number;
  memory_peak_bytes: number | null;
  engine: string | null;
  response_status: number | null;
  error: { type: string; message: string; stack: string } | null;
};

/** Files by their path -> a zip, made as a user makes it. */
export function zipOf(files: Record<string, string>): Buffer {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-zip-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    return zipFolder(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function zipFolder(folder: string): Buffer {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'millrace-zip-')), 'function.zip');
  execFileSync('zip', ['-q', '-r', file, '.'], { cwd: folder });
  const zip = readFileSync(file);
  rmSync(path.dirname(file), { recursive: true });
  return zip;
}

export class Customer {
  readonly millrace: Millrace;
  readonly token: string;

  constructor(millrace: Millrace, token: string = millrace.token) {
    this.millrace = millrace;
    this.token = token;
  }

  /** Any request with the customer's token. */
  request(pathOrUrl: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${this.token}`);
    return fetch(new URL(pathOrUrl, this.millrace.url), { ...init, headers });
  }

  /** A request that must succeed; its JSON. */
  async json<T>(pathOrUrl: string, init: RequestInit = {}): Promise<T> {
    const answer = await this.request(pathOrUrl, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${pathOrUrl}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  }

  async upload(zip: Buffer, fields: FunctionFields = {}): Promise<HostedFunction> {
    const form = new FormData();
    form.set('name', fields.name ?? 'a function');
    form.set('handler', fields.handler ?? 'index.handler');
    form.set('environment', fields.environment ?? 'nodejs20.x');
    form.set('environment_variables', JSON.stringify(fields.variables ?? {}));
    form.set('undefined', new Blob([new Uint8Array(zip)]), 'function.zip');
    const made = await this.json<{ hosted_function_id: string; invoke_url: string }>(
      '/api/v1/hosted_functions',
      {
        method: 'POST',
        body: form,
      },
    );
    return { id: made.hosted_function_id, invokeUrl: made.invoke_url };
  }

  /** Uploads one file, `index.js`. */
  uploadCode(code: string, fields: FunctionFields = {}): Promise<HostedFunction> {
    return this.upload(zipOf({ 'index.js': code }), fields);
  }

  settings(fn: HostedFunction, change: Record<string, unknown>): Promise<unknown> {
    return this.json(`/millrace/v1/functions/${fn.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(change),
    });
  }

  call(fn: HostedFunction, init: RequestInit = {}): Promise<Response> {
    return this.request(fn.invokeUrl, init);
  }

  /** The run behind an answer; waits until it has reached its final state. */
  async runOf(answer: Response): Promise<RunView> {
    const id = answer.headers.get('x-run-id');
    for (;;) {
      const run = await this.json<RunView>(`/millrace/v1/runs/${id}`);
      if (run.status !== 'running') return run;
    }
  }

  async logOf(run: RunView): Promise<string[]> {
    const { data } = await this.json<{ data: { text: string }[] }>(
      `/millrace/v1/runs/${run.id}/logs?limit=500`,
    );
    return data.map((line) => line.text);
  }
}
