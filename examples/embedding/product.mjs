// What a product does that lets its customers upload functions: it keeps the operator's token on its own
// server, opens an account for each customer, uploads what the customer gives it, calls it with data of its
// own, and shows the customer what went wrong.
import { readFileSync } from 'node:fs';

const { MILLRACE, TOKEN } = process.env;

/** The same customer again gets the same account. @returns a token of it */
async function openAccount(customer) {
  const { id } = await ask(TOKEN, 'POST', '/millrace/v1/operator/accounts', { external_id: customer });
  const { token } = await ask(TOKEN, 'POST', `/millrace/v1/operator/accounts/${id}/tokens`, {
    name: 'the product',
    permissions: [{ resource: '*', methods: ['*'] }],
  });
  return token;
}

/** @returns the function's id */
async function upload(token, zip) {
  const form = new FormData();
  form.set('name', 'discount');
  form.set('handler', 'discount.handler');
  form.set('environment', 'nodejs22.x');
  form.set('file', new Blob([zip]), 'customer.zip');
  const { hosted_function_id } = await ask(token, 'POST', '/api/v1/hosted_functions', form);
  return hosted_function_id;
}

/** @returns what the customer's function answers, or why it doesn't */
async function call(token, id, data) {
  const answer = await send(token, 'POST', `/func/v1/${id}`, data);
  if (answer.status !== 502) return answer.json();
  const run = await recorded(token, answer.headers.get('x-run-id'));
  return { failed: run.error.message };
}

/** A run is on record a moment after its answer. */
async function recorded(token, id) {
  for (;;) {
    const answer = await send(token, 'GET', `/millrace/v1/runs/${id}`);
    if (answer.ok) return answer.json();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function ask(token, method, path, body) {
  const answer = await send(token, method, path, body);
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

function send(token, method, path, body) {
  const headers = { Authorization: `Bearer ${token}` };
  if (body === undefined || body instanceof FormData)
    return fetch(MILLRACE + path, { method, headers, body });
  const json = { ...headers, 'Content-Type': 'application/json' };
  return fetch(MILLRACE + path, { method, headers: json, body: JSON.stringify(body) });
}

const token = await openAccount('customer-7');
const id = await upload(token, readFileSync('customer.zip'));
console.log(await call(token, id, { cart: { total: 120 } }));
console.log(await call(token, id, {}));
