// One Millrace with a customer and a function that shows its input, for promises about addresses: webhooks
// and function URLs. Made by openTriggerScene; one per test file.
import assert from 'node:assert/strict';
import { Customer, type HostedFunction, type RunView } from './customer.ts';
import { type Millrace, startMillrace } from './start-millrace.ts';

export const FAR_OFF = '198.51.100.7';

export type TriggerView = { id: string; url: string; enabled: boolean; settings: Record<string, unknown> };
type Fields = Record<string, unknown>;

export let millrace: Millrace;
export let customer: Customer;
/** Writes its input to its run's log. */
export let teller: HostedFunction;

/** Called once, before the tests of a file. */
export async function openTriggerScene(): Promise<void> {
  millrace = await startMillrace({
    env: { MILLRACE_DELAY_LEAST_MS: '1000', MILLRACE_TRUSTED_PROXIES: '127.0.0.1,::1' },
  });
  customer = new Customer(millrace);
  teller = await customer.uploadCode(
    `exports.handler = async (event) => {
       console.log('TOLD ' + JSON.stringify(event));
       return { statusCode: 200, body: 'the function ran' };
     };`,
  );
}

export const post = (path: string, body: unknown) => ({
  path,
  init: { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
});

export async function addTrigger(fields: Fields): Promise<TriggerView> {
  const { path, init } = post('/millrace/v1/triggers', { function_id: teller.id, ...fields });
  return await customer.json<TriggerView>(path, init);
}

/** The address as it is reached here: the public URL may be any. */
export function here({ url }: TriggerView): string {
  return `${millrace.url}${new URL(url).pathname}`;
}

export type Message = {
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  method?: string;
};

export function send(
  trigger: TriggerView,
  { body = '{}', headers = {}, method = 'POST' }: Message = {},
): Promise<Response> {
  return fetch(here(trigger), {
    method,
    headers,
    ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
  });
}

export async function runBehind(answer: Response): Promise<RunView> {
  const id = answer.headers.get('x-run-id');
  assert.ok(id !== null, `no run behind ${answer.status}`);
  for (const giveUpAt = Date.now() + 20_000; Date.now() < giveUpAt; ) {
    const run = await customer.json<RunView>(`/millrace/v1/runs/${id}`);
    if (run.status !== 'running' && run.status !== 'queued') return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return assert.fail(`run ${id} didn't end`);
}

export async function toldIn(run: RunView): Promise<Record<string, unknown>> {
  const line = (await customer.logOf(run)).find((text) => text.includes('TOLD '));
  assert.ok(line !== undefined, `${run.status} ${JSON.stringify(run.error)}`);
  return JSON.parse(line.slice(line.indexOf('TOLD ') + 5)) as Record<string, unknown>;
}

export const runCount = async (): Promise<number> =>
  (await customer.json<{ data: unknown[] }>(`/millrace/v1/functions/${teller.id}/runs?limit=500`)).data
    .length;

export const errorOf = async (
  answer: Response,
): Promise<{ code: string; message: string; reference: string }> =>
  ((await answer.json()) as { error: { code: string; message: string; reference: string } }).error;

/** What was answered holds for the next call. */
export async function statusIs(trigger: TriggerView, status: number): Promise<void> {
  const answer = await send(trigger);
  assert.equal(answer.status, status, await answer.text());
}
