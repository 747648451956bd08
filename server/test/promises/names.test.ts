// Names of which there is one each, without regard to case: of all letters. Through the public port.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { RevcentCustomer } from './revcent-customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();

let millrace: Millrace;
let customer: RevcentCustomer;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  customer = new RevcentCustomer(millrace);
});
after(() => millrace?.close());

function post(path: string, body: unknown): Promise<Response> {
  return customer.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

const TEMPLATE = {
  ...{ template_subject: 'hello', template_html: '<p>hello</p>' },
  ...{ template_to: ['a@example.com'], template_trigger: 'api_direct' },
};
const makers: [noun: string, make: (name: string) => Promise<Response>][] = [
  [
    'function',
    (name) =>
      fetch(`${millrace.url}/v2/functions`, {
        method: 'POST',
        headers: { 'x-api-key': millrace.token, 'content-type': 'application/json' },
        body: JSON.stringify({ name, function_code: 'callback();', event_source: 'api_direct' }),
      }),
  ],
  ['e-mail template', (name) => post('/millrace/v1/email-templates', { name, ...TEMPLATE })],
];

for (const [noun, make] of makers) {
  test(`the name of a ${noun} is taken in every spelling of it`, { skip }, async () => {
    for (const [taken, same, other] of [
      ['ÄPFEL und Birnen', 'äpfel UND birnen', 'apfel und birnen'],
      ['Straße', 'STRASSE', 'Strase'],
      ['ПРИВЕТ', 'привет', 'приветы'],
    ] as const) {
      const made = await make(taken);
      assert.ok(made.ok, await made.text());
      const refused = await make(same);
      const text = await refused.text();
      assert.ok(refused.status >= 400 && refused.status < 500, `${same}: ${refused.status} ${text}`);
      assert.match(text, /name/);
      assert.ok((await make(other)).ok, other);
    }
  });
}
