// What the APIs of the three systems write out, the same APIs read in: exports, listings, downloads, sent
// back and sent again as another one, as they are. Millrace's own API: sent-back.test.ts. Through the public
// port.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { zipOf } from './customer.ts';
import { RevcentCustomer } from './revcent-customer.ts';
import { Site } from './site.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Json = Record<string, unknown>;
const LOOK_EVERY_MS = 50;
const JSON_TYPE = { 'content-type': 'application/json' };
/** Dates are written in it where it is asked for. */
const ZONE = 'timezone=America/New_York';

let millrace: Millrace;
let customer: RevcentCustomer;

function without(thing: Json, ...names: string[]): Json {
  return Object.fromEntries(Object.entries(thing).filter(([name]) => !names.includes(name)));
}

async function asked(path: string, init: RequestInit = {}): Promise<Json> {
  return await customer.json<Json>(path, init);
}
const post = (path: string, body: unknown): Promise<Json> =>
  asked(path, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) });

describe('what is sent back', { skip: noJails() }, () => {
  before(async () => {
    millrace = await startMillrace();
    customer = new RevcentCustomer(millrace);
  });
  after(() => millrace?.close());

  const sizes = [{ name: 'size', type: 'number', description: 'how large', required: true }];
  const restricted = { ip_restricted: true, ip_whitelist: ['127.0.0.1', '10.0.0.1'] };
  const sources: Record<string, Json> = {
    account_event: {
      ...{ event_filter: ['sale.created', 'customer.created'], campaign_filter: ['spring'] },
      ...{ shop_filter: ['shop'], timing: { option: 'delay', time_unit: 'hours', time_value: 3 } },
    },
    webhook: { ...restricted, timing: { option: 'delay', time_unit: 'days', time_value: 2 } },
    function_url: restricted,
    schedule: { cron_expression: '0 5 * * 1-5', cron_timezone: 'Europe/Berlin' },
    ...{ flow: {}, email_template: {}, auto_query: {}, payment_profile: {} },
    ai_assistant: { custom_arguments: sizes },
    api_direct: { custom_arguments: sizes },
  };
  describe('to RevCent’s API', () => {
    const exported = async (id: unknown): Promise<Json> =>
      (await customer.v2<{ import_file: Json }>('GET', `/functions/${id}/export`)).import_file;
    const own = [
      ...['id', 'function_id', 'name', 'api_call_id', 'api_call_unix', 'version', 'build'],
      ...['created_date_unix', 'updated_date_unix'],
    ];
    const addresses = ['function_url', 'webhook_url'];

    for (const [source, settings] of Object.entries(sources))
      test(`an export of a function of ${source} is imported as it is, and so is its listing`, async () => {
        const made = await customer.v2<Json>('POST', '/functions', {
          ...{ name: `from ${source}`, description: 'Line 1\nLine "2" ü', event_source: source },
          function_code: 'const a = `"\\u2028`;\ncallback(null, a); // ü',
          environment_variables: [{ name: 'plain', value: 'a\nb "c"', description: 'what for' }],
          ...settings,
        });
        const file = await exported(made.function_id);
        const copy = await customer.v2<Json>('POST', '/functions/import', {
          ...file,
          name: `copy ${source}`,
        });
        assert.deepEqual(without(await exported(copy.function_id), 'name'), without(file, 'name'));
        const shown = await customer.v2<Json>('GET', `/functions/${made.function_id}`);
        const back = await customer.v2<Json>('POST', `/functions/${made.function_id}`, shown);
        assert.deepEqual(without(back, ...own), without(shown, ...own));
        const again = await customer.v2<Json>('POST', '/functions', { ...shown, name: `again ${source}` });
        assert.deepEqual(without(again, ...own, ...addresses), without(shown, ...own, ...addresses));
      });

    test('an encrypted value is for the importer to fill in, and is named where he doesn’t', async () => {
      const made = await customer.v2<Json>('POST', '/functions', {
        ...{ name: 'with a secret', event_source: 'api_direct', function_code: 'callback()' },
        environment_variables: [{ name: 'pass', value: 'hunter2', encrypted: true }],
      });
      const file = await exported(made.function_id);
      const refused = await customer.v2<Json>('POST', '/functions/import', { ...file, name: 'x' }, 400);
      assert.match(JSON.stringify(refused), /process_env\.pass/);
      const filled = [{ ...(file.process_env as Json[])[0], value: 'its own' }];
      await customer.v2('POST', '/functions/import', { ...file, name: 'x', process_env: filled });
    });
  });

  describe('to Comecero’s API', () => {
    const dates = ['date_created', 'date_modified', 'date_last_used', 'url'];
    const code = zipOf({ 'index.js': 'exports.handler = async () => null;' });
    const form = (fields: Json): FormData => {
      const sent = new FormData();
      for (const [name, value] of Object.entries(fields))
        sent.set(name, typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value));
      sent.set('undefined', new Blob([new Uint8Array(code)]), 'function.zip');
      return sent;
    };

    test('a hosted function, read alone or in a list, is taken as JSON and as a form', async () => {
      const { id } = await customer.upload(code, { name: 'one', variables: { A: 'b "c"', EMPTY: '' } });
      const at = `/api/v1/hosted_functions/${id}`;
      await post(at, { description: 'Line 1\nLine "2" ü' });
      const shown = await asked(`${at}?${ZONE}`);
      assert.deepEqual(without(await post(at, shown), ...dates), without(shown, ...dates));
      const { data } = await customer.json<{ data: Json[] }>(`/api/v1/hosted_functions?${ZONE}`);
      await post(at, data[0]);
      const own = [...dates, 'hosted_function_id', 'invoke_url', 'version', 'bytes', 'filename'];
      for (const path of [at, '/api/v1/hosted_functions']) {
        const taken = await asked(path, { method: 'POST', body: form(shown) });
        assert.deepEqual(without(taken, ...own), without(shown, ...own), path);
      }
    });

    test('a token, read alone or in a list, keeps what it may do and until when', async () => {
      const permissions = [
        { resource: 'events', methods: ['read', 'create'], allow: true },
        { resource: 'hosted_functions', methods: ['*'], allow: true },
        { resource: 'hosted_functions', methods: ['delete'], allow: false },
      ];
      const made = await post('/api/v1/auths/secret', {
        ...{ permissions, comments: 'ü "x"', expires: '2031-07-01T12:00:00+02:00' },
      });
      const at = `/api/v1/auths/${made.auth_id}`;
      const shown = await asked(`${at}?${ZONE}`);
      const read = await asked(at);
      await post(at, shown);
      assert.deepEqual(without(await asked(at), ...dates), without(read, ...dates));
      const { data } = await customer.json<{ data: Json[] }>('/api/v1/auths');
      await post(
        at,
        data.find(({ auth_id: id }) => id === made.auth_id),
      );
      assert.deepEqual(without(await asked(at), ...dates), without(read, ...dates));
      const own = [...dates, 'auth_id', 'token'];
      assert.deepEqual(without(await post('/api/v1/auths/secret', shown), ...own), without(read, ...own));
    });

    test('an event subscription keeps its secrets, read alone or in a list', async () => {
      const made = await post('/api/v1/event_subscriptions', {
        ...{ event_type: 'order:created', method: 'http', format: 'xml', active: true },
        ...{ destination: 'https://hooks.example.com/a?b=c', signature_key: 'whsec_c2VjcmV0IGtleSBmb3I=' },
        ...{ http_authorization_username: 'u', http_authorization_password: 'p' },
        ...{ custom_header_name: 'X-Shop', custom_header_value: 'v', expand: 'customer,payments' },
        ...{ hide: 'data.secret', environment_variables: { A: 'b' }, comments: 'Line 1\nLine 2' },
        timezone: 'Europe/Berlin',
      });
      const at = `/api/v1/event_subscriptions/${made.event_subscription_id}`;
      const shown = await asked(`${at}?${ZONE}`);
      assert.deepEqual(without(await post(at, shown), ...dates), without(shown, ...dates));
      const { data } = await customer.json<{ data: Json[] }>('/api/v1/event_subscriptions');
      assert.deepEqual(without(await post(at, data[0]), ...dates), without(shown, ...dates));
      const own = [...dates, 'event_subscription_id'];
      const copy = await post('/api/v1/event_subscriptions', shown);
      assert.deepEqual(without(copy, ...own), without(shown, ...own));
    });

    test('technical settings, and those of one world in the other', async () => {
      const at = '/api/v1/settings/technical';
      await post(at, {
        ...{ timezone: 'Europe/Berlin', signature_key: 'k', app_hosts: ['shop.example.com:8443'] },
        cors_allowed_origins: ['https://my.example.com'],
        oauth_redirect_uris: ['https://my.example.com/redirect'],
      });
      const shown = await asked(`${at}?${ZONE}`);
      assert.deepEqual(without(await post(at, shown), ...dates), without(shown, ...dates));
      const { token } = await post('/api/v1/auths/secret?test=true', {
        permissions: [{ resource: '*', methods: ['*'], allow: true }],
      });
      const elsewhere = await asked(at, {
        ...{ method: 'POST', body: JSON.stringify(shown) },
        headers: { ...JSON_TYPE, authorization: `Bearer ${token}` },
      });
      assert.deepEqual(without(elsewhere, ...dates, 'test'), without(shown, ...dates, 'test'));
      await post(at, { timezone: 'UTC' });
    });

    test('an event test template, and an event’s data as its payload', async () => {
      const collection = '/api/v1/event_test_templates';
      const made = await post(collection, {
        ...{ event_type: 'order:created', name: 'one', payload: { a: [1, null, { b: 'ü' }] } },
        event_expand: 'customer',
      });
      const at = `${collection}/${made.event_test_template_id}`;
      const shown = await asked(`${at}?${ZONE}`);
      assert.deepEqual(without(await post(at, shown), ...dates), without(shown, ...dates));
      const own = [...dates, 'event_test_template_id'];
      const copy = await post(collection, { ...shown, event_test_template_id: 'another' });
      assert.deepEqual(without(copy, ...own), without(shown, ...own));
      const published = { type: 'order:created', item_id: 'o1', data: { x: { y: null } } };
      const { data } = await customer.json<{ data: { id: string }[] }>('/millrace/v1/events', {
        ...{ method: 'POST', headers: JSON_TYPE, body: JSON.stringify(published) },
      });
      const event = await asked(`/millrace/v1/events/${data[0]?.id}`);
      assert.deepEqual((await post(at, { payload: event.data })).payload, published.data);
    });
  });

  describe('to HubSpot’s API', () => {
    const FILES = '/content/filemapper/v1';
    const site = (): Site => new Site(millrace);
    const PROJECTS = '/dfs/v1/projects';
    const projectForm = (zip: Buffer): FormData => {
      const sent = new FormData();
      sent.set('file', new Blob([new Uint8Array(zip)]), 'project.zip');
      sent.set('platformVersion', '2025.1');
      return sent;
    };

    test('files, downloaded one by one and as a tree, are uploaded elsewhere as they were', async () => {
      const texts: Record<string, string> = {
        'theme/css/main ü.css': '\uFEFFa { content: "ü" }\r\n',
        'theme/empty.txt': '',
        'theme/a%20b#c?.js': 'let a = `x`;',
      };
      const binary = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
      const upload = async (path: string, bytes: Buffer): Promise<void> => {
        const sent = new FormData();
        sent.set('file', new Blob([new Uint8Array(bytes)]), path.split('/').pop());
        const url = `${FILES}/upload/${encodeURIComponent(path)}?buffer=false&environmentId=1`;
        await site().manage(url, { method: 'POST', body: sent });
      };
      const stream = async (path: string): Promise<Buffer> => {
        const answer = await site().manage(`${FILES}/stream/${encodeURIComponent(path)}`);
        return Buffer.from(await answer.arrayBuffer());
      };
      for (const [path, text] of Object.entries(texts)) await upload(path, Buffer.from(text));
      await upload('theme/image.bin', binary);
      for (const path of [...Object.keys(texts), 'theme/image.bin'])
        await upload(path.replace('theme', 'copy'), await stream(path));
      for (const [path, text] of Object.entries(texts))
        assert.deepEqual(await stream(path.replace('theme', 'copy')), Buffer.from(text), path);
      assert.deepEqual(await stream('copy/image.bin'), binary);
      type Tree = { path: string; folder: boolean; source: string; children: Tree[] };
      const filesOf = (tree: Tree): Tree[] => (tree.folder ? tree.children.flatMap(filesOf) : [tree]);
      const tree = await site().manageJson<Tree>(`${FILES}/download/theme`);
      for (const { path, source } of filesOf(tree).filter(({ path }) => !path.endsWith('.bin'))) {
        await upload(path.slice(1).replace('theme', 'tree'), Buffer.from(source));
        assert.equal((await stream(path.slice(1).replace('theme', 'tree'))).toString(), texts[path.slice(1)]);
      }
    });

    test('a project, downloaded, is uploaded as another one', async () => {
      const zip = zipOf({
        'hsproject.json': JSON.stringify({ name: 'shop', srcDir: 'src', platformVersion: '2025.1' }),
        'src/app/app.json': JSON.stringify({ name: 'shop', uid: 'shop', public: false }),
        'src/app/app.functions/sum.js': 'exports.main = async () => ({ statusCode: 200, body: 3 });',
        'src/app/app.functions/serverless.json': JSON.stringify({
          ...{ runtime: 'nodejs20.x', version: '1.0', appFunctions: {} },
          endpoints: { sum: { file: 'sum.js', method: 'GET' } },
        }),
      });
      const archive = async (name: string, id: number): Promise<Buffer> => {
        const answer = await site().manage(`${PROJECTS}/${name}/builds/${id}/archive-full`);
        return Buffer.from(await answer.arrayBuffer());
      };
      const send = async (name: string, bytes: Buffer): Promise<number> => {
        await site().manageJson('/developer/projects/v1', { name });
        const init = { method: 'POST', body: projectForm(bytes) };
        const answer = await site().manage(`${PROJECTS}/upload/${name}`, init);
        return ((await answer.json()) as { buildId: number }).buildId;
      };
      const whole = await archive('shop', await send('shop', zip));
      assert.deepEqual(whole, zip);
      const id = await send('copy', whole);
      assert.deepEqual(await archive('copy', id), whole);
      for (const giveUpAt = Date.now() + 30_000; ; await delay(LOOK_EVERY_MS)) {
        const { status } = await site().manageJson<{ status: string }>(
          `${PROJECTS}/copy/builds/${id}/status`,
        );
        if (status === 'SUCCESS') break;
        assert.ok(Date.now() < giveUpAt && status !== 'FAILURE', status);
      }
    });

    test('secrets are listed by their names, which endpoints can name, and never by their values', async () => {
      await site().addSecret('API_KEY', 'hunter2');
      const path = '/cms/v3/functions/secrets';
      const listed = await site().manageJson<{ results: string[] }>(path);
      assert.deepEqual(listed.results, ['API_KEY']);
      const put = await customer.request(path, {
        ...{ method: 'PUT', headers: JSON_TYPE },
        body: JSON.stringify({ key: listed.results[0], secret: 'another' }),
      });
      assert.ok(put.ok, await put.text());
      await site().upload(
        'secret.functions',
        { secrets: listed.results, endpoints: { told: { file: 'told.js', method: 'GET' } } },
        {
          'told.js': `exports.main = (context, done) => done({ statusCode: 200, body: process.env.API_KEY });`,
        },
      );
      assert.match(await (await site().call('told')).text(), /another/);
    });
  });
});
