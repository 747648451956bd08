// What an account may have, asked for fifty times at once: exactly as many are made as there may be, and each
// of the others is refused with its number. Through the public port, kind by kind; what was made is counted
// in the database.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Database } from '../../src/postgres/database.ts';
import { Customer, type HostedFunction, zipOf } from './customer.ts';
import { embeddedDatabaseOf } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const MOST = 10;
const AT_ONCE = 50;
const MOST_BUILDS = 2;
const FUNCTIONS = 8;
/** One in each folder, and as many beside. */
const MOST_FILES = 2 * MOST;
const JSON_TYPE = { 'content-type': 'application/json' };
const OWN = '/millrace/v1';

/** A number where there may be letters only. */
const letters = (n: number): string => String.fromCharCode(97 + Math.floor(n / 26), 97 + (n % 26));

/**
 * `refused`: the status that the bound's table in docs/limits.md names. `table`: where they are, and which of
 * its rows count.
 */
type Kind = {
  path: string;
  body(n: number, own: { functionId: string; accountId: string }): unknown;
  refused: number;
  table: string;
};
const mail = { template_subject: 'hello', template_html: '<p>hello</p>', template_to: ['a@example.com'] };
const query = {
  source: { kind: 'events', item_type: 'sale' },
  date_range: { preset: 'last_24_hours' },
  metrics: [{ function: 'count' }],
};
const KINDS: Record<string, Kind> = {
  secret_tokens: {
    path: '/api/v1/auths/secret',
    body: () => ({ permissions: [{ resource: 'events', methods: ['read'], allow: true }] }),
    ...{ refused: 409, table: `tokens where kind = 'secret' and mode = 'live'` },
  },
  limited_tokens: {
    path: '/api/v1/auths/limited',
    body: (_, { accountId }) => ({ account_id: accountId }),
    ...{ refused: 409, table: `tokens where kind = 'limited'` },
  },
  flows: {
    path: `${OWN}/flows`,
    body: (n) => ({
      ...{ name: `flow ${n}`, kind: 'sale_lifecycle', enabled: true, starts: ['sale.created'] },
      nodes: [{ id: 'begin', type: 'start', next: null }],
    }),
    ...{ refused: 409, table: 'flows' },
  },
  email_templates: {
    path: `${OWN}/email-templates`,
    body: (n) => ({ ...mail, name: `template ${n}`, template_trigger: 'api_direct' }),
    ...{ refused: 409, table: 'email_templates' },
  },
  smtp_profiles: {
    path: `${OWN}/smtp_profiles`,
    body: (n) => ({ name: `profile ${n}`, host: 'mail.example', sender: 'shop@example.com' }),
    ...{ refused: 409, table: 'smtp_profiles' },
  },
  event_test_templates: {
    path: '/api/v1/event_test_templates',
    body: (n) => ({ event_type: 'order:created', name: `t${n}`, payload: {} }),
    ...{ refused: 409, table: 'event_test_templates' },
  },
  payment_profiles: {
    path: `${OWN}/payment-profiles`,
    body: (n) => ({ name: `p${n}`, nodes: [{ id: 'start', type: 'start_payment_request' }] }),
    ...{ refused: 409, table: 'payment_profiles' },
  },
  domains: {
    path: `${OWN}/domains`,
    body: (n) => ({ domain: `www.shop${n}.example` }),
    ...{ refused: 409, table: 'domains' },
  },
  portals: {
    path: `${OWN}/portals`,
    body: (n) => ({ portal_id: 7_000_000 + n }),
    ...{ refused: 409, table: 'portals' },
  },
  queries: {
    path: `${OWN}/queries`,
    body: (n) => ({ ...query, name: `query ${n}` }),
    ...{ refused: 422, table: 'queries' },
  },
  triggers: {
    path: `${OWN}/triggers`,
    body: (_, { functionId }) => ({ function_id: functionId, kind: 'webhook', settings: {} }),
    ...{ refused: 409, table: 'triggers' },
  },
  event_subscriptions: {
    path: '/api/v1/event_subscriptions',
    body: (n) => ({
      ...{ event_type: 'order:created', method: 'email', format: 'json', active: true },
      destination: `a${n}@example.com`,
    }),
    ...{ refused: 422, table: 'event_subscriptions' },
  },
  event_types: {
    path: `${OWN}/event-types`,
    body: (n) => ({ name: `parcel${n}.lost`, description: 'Lost' }),
    ...{ refused: 409, table: 'event_types' },
  },
  key_values: {
    path: `${OWN}/key-values`,
    body: (n) => ({ key: `key_${letters(n)}`, value: 'v' }),
    ...{ refused: 422, table: 'key_values' },
  },
  function_values: {
    path: `${OWN}/function-values`,
    body: (n) => ({ name: `VALUE_${n}`, value: 'v' }),
    ...{ refused: 422, table: 'function_values' },
  },
  secrets: {
    path: '/cms/v3/functions/secrets',
    body: (n) => ({ key: `SECRET_${n}`, secret: 's' }),
    ...{ refused: 400, table: 'account_secrets' },
  },
};

describe('of what is asked for at once', { skip: noJails() }, () => {
  let millrace: Millrace;
  let customer: Customer;
  let database: Database;
  let functions: HostedFunction[];

  before(async () => {
    const bounds = ['functions', 'function_folders', ...Object.keys(KINDS)].map((name) => `${name}=${MOST}`);
    millrace = await startMillrace({
      env: {
        MILLRACE_ACCOUNT_BOUNDS: [...bounds, `builds=${MOST_BUILDS}`, `files=${MOST_FILES}`].join(','),
        // Packages of builds come from nowhere.
        MILLRACE_NPM_REGISTRY: 'https://registry.invalid',
      },
    });
    customer = new Customer(millrace);
    database = embeddedDatabaseOf(millrace);
    const zip = zipOf({ 'index.js': 'exports.handler = async () => null;' });
    functions = await Promise.all(Array.from({ length: FUNCTIONS }, () => customer.upload(zip)));
  });
  after(async () => {
    await database?.close();
    await millrace?.close();
  });

  const count = async (table: string): Promise<number> =>
    (await database.query<{ n: number }>(`select count(*) as n from ${table}`))[0]?.n ?? 0;
  const post = (path: string, body: unknown): Promise<Response> =>
    customer.request(path, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) });
  const atOnce = (times: number, ask: (n: number) => Promise<Response>): Promise<Response[]> =>
    Promise.all(Array.from({ length: times }, (_, n) => ask(n)));

  async function onlyAsManyMade(
    answers: readonly Response[],
    made: number,
    refused: number,
    most = MOST,
  ): Promise<void> {
    const bad = answers.filter(({ ok }) => !ok);
    const told = await Promise.all(bad.map((answer) => answer.text()));
    assert.deepEqual([...new Set(bad.map(({ status }) => status))], [refused], told[0]);
    assert.equal(bad.length, AT_ONCE - made);
    for (const text of told) assert.match(text, new RegExp(`\\b${most}\\b`));
  }

  for (const [name, { path, body, refused, table }] of Object.entries(KINDS))
    test(`${name} are as many as there may be`, async () => {
      const [account] = await database.query<{ id: string }>('select id from accounts');
      const own = { functionId: functions[0]?.id ?? '', accountId: account?.id ?? '' };
      const had = name === 'event_types' ? 0 : await count(table);
      const answers = await atOnce(AT_ONCE, (n) => post(path, body(n, own)));
      await onlyAsManyMade(answers, MOST - had, refused);
      const ofAccount = name === 'event_types' ? `${table} where account_id is not null` : table;
      assert.equal(await count(ofAccount), MOST);
    });

  test('folders of functions, and files, are as many as there may be', async () => {
    const upload = (path: string): Promise<Response> => {
      const form = new FormData();
      form.set('file', new Blob(['exports.main = () => {};']), 'a.js');
      const url = `/content/filemapper/v1/upload/${encodeURIComponent(path)}?buffer=false&environmentId=1`;
      return customer.request(url, { method: 'POST', body: form });
    };
    await onlyAsManyMade(await atOnce(AT_ONCE, (n) => upload(`f${n}.functions/a.js`)), MOST, 409);
    assert.equal(await count('function_folders'), MOST);
    await onlyAsManyMade(
      await atOnce(AT_ONCE, (n) => upload(`f${n}.js`)),
      MOST_FILES - MOST,
      400,
      MOST_FILES,
    );
    assert.equal(await count('design_files'), MOST_FILES);
  });

  test('builds are as many as there may be', async () => {
    const answers = await Promise.all(
      functions.map(({ id }, n) =>
        post(`${OWN}/functions/${id}/builds`, { dependencies: { [`package-${n}`]: '1.0.0' } }),
      ),
    );
    const made = answers.filter(({ ok }) => ok).length;
    // One may be over by now, and have made room for another.
    const over = await count(`builds where status <> 'building'`);
    assert.ok(made >= MOST_BUILDS && made <= MOST_BUILDS + over, `${made} builds, ${over} of them over`);
    for (const answer of answers.filter(({ ok }) => !ok))
      assert.deepEqual([answer.status, /2 builds of packages/.test(await answer.text())], [429, true]);
  });

  test('functions of all APIs together are as many as there may be', async () => {
    const zip = zipOf({ 'index.js': 'exports.handler = async () => null;' });
    const upload = (): Promise<Response> => {
      const form = new FormData();
      form.set('name', 'f');
      form.set('handler', 'index.handler');
      form.set('environment', 'nodejs20.x');
      form.set('undefined', new Blob([new Uint8Array(zip)]), 'function.zip');
      return customer.request('/api/v1/hosted_functions', { method: 'POST', body: form });
    };
    const inline = (n: number): Promise<Response> =>
      fetch(new URL('/v2/functions', millrace.url), {
        method: 'POST',
        headers: { 'x-api-key': customer.token, ...JSON_TYPE },
        body: JSON.stringify({
          ...{ name: `f${n}`, event_source: 'api_direct', function_code: 'callback(null, 1)' },
        }),
      });
    const answers = await atOnce(AT_ONCE, (n) => (n % 2 === 0 ? upload() : inline(n)));
    await onlyAsManyMade(answers, MOST - FUNCTIONS, 409);
    assert.equal(await count('functions'), MOST);
  });
});
