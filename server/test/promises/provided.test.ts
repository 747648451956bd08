// Functions that bring a program of their own, uploaded through Comecero's API and run in real jails. What
// the program may say to Lambda's Runtime API is in runtimes/conformance/provided.test.ts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Customer, type FunctionFields, type HostedFunction, zipFolder } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails() || (spawnSync('curl', ['--version']).status !== 0 && 'there is no curl');
let millrace: Millrace;
let customer: Customer;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  customer = new Customer(millrace);
});
after(() => millrace?.close());

/** A program in a shell: `act` has $event, and answers with `respond TEXT` or `fail TEXT`. */
const program = (act: string): string => `#!/bin/sh
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
respond() { curl -sS "$api/$id/response" -d "$1" >/dev/null; }
fail() { curl -sS "$api/$id/error" -d "$1" >/dev/null; }
count=0
while :; do
  event=$(curl -sS -D /tmp/headers "$api/next")
  id=$(grep -i lambda-runtime-aws-request-id /tmp/headers | tr -d '\\r' | cut -d' ' -f2)
  count=$((count + 1))
  ${act}
done
`;

async function upload(act: string, fields: FunctionFields = {}, file = 'bootstrap'): Promise<HostedFunction> {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-program-'));
  writeFileSync(path.join(folder, file), program(act));
  chmodSync(path.join(folder, file), 0o755);
  const zip = zipFolder(folder);
  rmSync(folder, { recursive: true });
  return await customer.upload(zip, { environment: 'provided.al2023', handler: 'any', ...fields });
}

const COUNTED = `respond "{\\"statusCode\\": 200, \\"body\\": \\"$count $(pwd) $_HANDLER\\"}"`;

test('a program answers calls, one after the other, in its folder', { skip }, async () => {
  const fn = await upload(COUNTED);
  assert.equal(await (await customer.call(fn)).text(), '1 /var/task any');
  assert.equal(await (await customer.call(fn)).text(), '2 /var/task any');
  const { engine } = await customer.json<{ engine: object }>(`/api/v1/hosted_functions/${fn.id}`);
  assert.deepEqual(engine, { name: 'provided', version: 'its own', substituted: false });
});

test('go1.x runs the program that the handler names', { skip }, async () => {
  const fn = await upload(COUNTED, { environment: 'go1.x', handler: 'main' }, 'main');
  assert.equal(await (await customer.call(fn)).text(), '1 /var/task main');
});

test('with `reuse: none` every run has a program of its own', { skip }, async () => {
  const fn = await upload(COUNTED);
  await customer.settings(fn, { reuse: 'none' });
  for (let run = 0; run < 2; run++) assert.match(await (await customer.call(fn)).text(), /^1 /);
});

test('its event is a proxy event, its output the log, its error the run’s', { skip }, async () => {
  const fn = await upload(
    `echo "$event" | grep -q '"httpMethod":"GET"' && echo "was called"
  fail '{"errorType": "SaleError", "errorMessage": "no such sale", "stackTrace": ["here"]}'`,
  );
  const answer = await customer.call(fn);
  assert.deepEqual([answer.status, await answer.json()], [502, { message: 'Internal server error' }]);
  const run = await customer.runOf(answer);
  assert.deepEqual(
    [run.status, run.error],
    ['failed', { type: 'SaleError', message: 'no such sale', stack: 'here' }],
  );
  assert.ok((await customer.logOf(run)).includes('was called'));
});

test('a run that takes too long ends its program, and the next call has another', { skip }, async () => {
  const fn = await upload(`case "$event" in *slow*) sleep 60;; esac
  ${COUNTED}`);
  await customer.settings(fn, { timeout_ms: 1_500 });
  const late = await customer.request(`${fn.invokeUrl}?slow=1`);
  assert.equal((await customer.runOf(late)).status, 'timed_out');
  assert.match(await (await customer.call(fn)).text(), /^1 /);
});

test('a program that is missing or not executable is said to be so', { skip }, async () => {
  const answer = await customer.call(await upload(COUNTED, {}, 'other'));
  assert.equal(answer.status, 502);
  const { error } = await customer.runOf(answer);
  assert.equal(error?.type, 'Runtime.InvalidEntrypoint');
  assert.match(error?.message ?? '', /\[\/var\/task\/bootstrap\]: it is not there/);
});
