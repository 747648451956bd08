// What a product does that lets its customers upload functions: it keeps Millrace's token on its own server, uploads what
// a customer gives it, calls it with data of its own, and shows the customer what went wrong.
import { readFileSync } from 'node:fs';

const { MILLRACE, TOKEN } = process.env;

/** @returns the function's id */
async function upload(name, zip) {
  const form = new FormData();
  form.set('name', name);
  form.set('handler', 'discount.handler');
  form.set('environment', 'nodejs22.x');
  form.set('file', new Blob([zip]), 'customer.zip');
  const { hosted_function_id } = await ask('POST', '/api/v1/hosted_functions', form);
  return hosted_function_id;
}

/** @returns what the customer's function answers, or why it doesn't */
async function call(id, data) {
  const answer = await fetch(`${MILLRACE}/func/v1/${id}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(data),
  });
  if (answer.status !== 502) return answer.json();
  const run = await recorded(answer.headers.get('x-run-id'));
  return { failed: run.error.message };
}

/** A run is on record a moment after its answer. */
async function recorded(id) {
  for (;;) {
    const answer = await fetch(`${MILLRACE}/millrace/v1/runs/${id}`, {
      headers: { Authorization: `Bearer ${TOKEN}` },
    });
    if (answer.ok) return answer.json();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function ask(method, path, body) {
  const answer = await fetch(MILLRACE + path, {
    method,
    headers: { Authorization: `Bearer ${TOKEN}` },
    body,
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

const id = await upload('discount of customer 7', readFileSync('customer.zip'));
console.log(await call(id, { cart: { total: 120 } }));
console.log(await call(id, {}));
await ask('DELETE', `/api/v1/hosted_functions/${id}`);
