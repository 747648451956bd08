// Requests that the typed client can't make: a file sent as it is or in a form beside its settings, and
// addresses that are no part of the API's own document. Called by screens that upload.
import { read, type Scope } from './millrace.ts';
import { steadyFetch } from './steady-fetch.ts';

const BELOW = '/millrace/v1';
type Account = NonNullable<Scope>;

/** @returns what was answered. @throws Refusal */
export function sendFile<T>(scope: Account, path: string, body: Blob | FormData): Promise<T> {
  return ask<T>(scope, path, { method: 'POST', body });
}

/** @throws Refusal */
export function askRaw<T>(scope: Account, path: string): Promise<T> {
  return ask<T>(scope, path, { method: 'GET' });
}

function ask<T>({ account, mode }: Account, path: string, init: RequestInit): Promise<T> {
  const headers = { 'Millrace-Account': account, 'Millrace-Mode': mode };
  const answering = async () => {
    const response = await steadyFetch(
      new Request(new URL(BELOW + path, location.origin), { ...init, headers }),
    );
    const said: unknown = await response.json().catch(() => undefined);
    return response.ok ? { data: said as T, response } : { error: said, response };
  };
  return read<T>(answering());
}
