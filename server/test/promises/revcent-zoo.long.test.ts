// A zoo of functions in the style of RevCent's page, unmodified from what a user would paste there: the real
// packages of the list from the real registry, against real servers (MariaDB, PostgreSQL, Redis, SMTP) and
// stand-ins of Slack and Twilio under their own names, on a network of the tests' own.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { noRealRegistry } from '../builds/real-packages.ts';
import {
  noTestInternet,
  openTestInternet,
  standIn,
  type TestHost,
  type TestInternet,
} from '../internet/open-test-internet.ts';
import type { SeenMail } from '../internet/stand-ins/mail.ts';
import { type Fn, RevcentCustomer } from './revcent-customer.ts';
import { type Millrace, startMillrace } from './start-millrace.ts';

const ACCOUNT_SID = 'AC0123456789abcdef0123456789abcdef';

/** What all functions ask for: they share one build. */
const DEPENDENCIES = {
  '@slack/web-api': 'latest',
  lodash: '^4.17.0',
  mysql: 'latest',
  nodemailer: 'latest',
  pg: '^8',
  redis: 'latest',
  request: '2.88.2',
  twilio: 'latest',
};

const ZOO = {
  request: `
    const request = global['request'];
    request({ url: 'https://api.crm.test/v1?key=' + process.env['CRM key'], method: 'POST', json: { sale: event.data } }, function (error, response, body) {
      if (error) return callback(error);
      if (response.statusCode !== 200) return callback('CRM said ' + response.statusCode);
      callback(null, { path: body.path, sent: JSON.parse(body.body), response: response });
    });`,
  lodash: `
    const _ = global['lodash'];
    const products = event.data.item_details.products_calculated;
    callback(null, { by_sku: _.mapValues(_.groupBy(products, 'sku'), (items) => _.sumBy(items, 'quantity')) });`,
  mysql: `
    const mysql = global['mysql'];
    const connection = mysql.createConnection({ host: 'mysql.shop.test', user: 'app', password: process.env.mysql_password, database: 'shop' });
    connection.connect();
    const sale = event.data;
    connection.query('replace into sales set ?', { id: sale.item_id, amount: sale.item_details.amount_gross }, function (error) {
      if (error) { connection.destroy(); return callback(error); }
      connection.query('select id, amount from sales', function (error, results) {
        connection.end();
        callback(error, results);
      });
    });`,
  nodemailer: `
    const nodemailer = global['nodemailer'];
    const transporter = nodemailer.createTransport({
      host: 'smtp.shop.test', port: 587, requireTLS: true, auth: { user: 'shop', pass: process.env.smtp_password } });
    const message = { from: '"Shop" <shop@shop.test>', to: 'john@doe.test', subject: 'Your sale', text: 'Thank you for ' + event.data };
    transporter.sendMail(message, (error, info) => error ? callback(error) : callback(null, info.accepted));`,
  pg: `
    const { Client } = global['pg'];
    (async () => {
      const client = new Client({ host: 'pg.shop.test', user: 'postgres', password: 'secret', database: 'postgres' });
      try {
        await client.connect();
        await client.query('create table if not exists notes (id serial, text text)');
        await client.query('insert into notes (text) values ($1)', [event.data]);
        const { rows } = await client.query('select text from notes order by id');
        callback(null, rows);
      } catch (error) {
        callback(error);
      } finally {
        await client.end();
      }
    })();`,
  redis: `
    const redis = global['redis'];
    const client = redis.createClient({ url: 'redis://:secret@redis.shop.test:6379' });
    client.on('error', (error) => console.log('redis', error.message));
    // Never closed: its socket outlives the callback.
    client.connect().then(() => client.incrBy('visits', 1)).then((visits) => callback(null, { visits })).catch(callback);`,
  slack: `
    const { WebClient, LogLevel } = global['@slack/web-api'];
    const web = new WebClient(process.env.slack_token, { logLevel: LogLevel.ERROR });
    web.chat.postMessage({ channel: '#sales', text: 'New sale: ' + event.data })
      .then((result) => callback(null, { ok: result.ok, ts: result.ts }))
      .catch((error) => callback(error.data ? error.data.error : error));`,
  twilio: `
    const client = global['twilio'](process.env.account_sid, process.env.auth_token);
    client.messages.create({ body: 'Your order shipped', from: '+15005550006', to: event.data })
      .then((message) => callback(null, message.sid))
      .catch((error) => callback(error.message));`,
} as const;

const skip = noTestInternet() || (await noRealRegistry());

describe('a function in the style of the page', { skip }, () => {
  let internet: TestInternet;
  let millrace: Millrace;
  let customer: RevcentCustomer;
  let mail: TestHost;
  let slack: TestHost;
  let twilio: TestHost;
  const made = new Map<keyof typeof ZOO, Fn>();

  before(async () => {
    internet = await openTestInternet();
    const host = (name: string, kind: string): Promise<TestHost> => internet.host(name, standIn(kind));
    mail = await host('smtp.shop.test', 'mail');
    slack = await host('slack.com', 'slack');
    twilio = await host('api.twilio.com', 'twilio');
    await host('api.crm.test', 'echo');
    await host('mysql.shop.test', 'mariadb');
    await host('pg.shop.test', 'postgres');
    await host('redis.shop.test', 'redis');
    millrace = await startMillrace({
      env: { MILLRACE_DNS: internet.dnsAddress, MILLRACE_EXTRA_CA_CERTS: internet.caFile },
    });
    customer = new RevcentCustomer(millrace);
    await customer.json('/millrace/v1/function-values', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'CRM key', value: 'crm key 1', encrypted: false }),
    });
    await makeZoo();
  });
  after(async () => {
    await millrace?.close();
    await internet?.close();
  });

  async function makeZoo(): Promise<void> {
    for (const [name, code] of Object.entries(ZOO) as [keyof typeof ZOO, string][]) {
      const fn = await customer.make({
        ...{ name, function_code: code, dependencies: DEPENDENCIES, ...CAUSES[name] },
        environment_variables: VARIABLES.map(([variable, value]) => ({
          name: variable,
          value,
          encrypted: true,
        })),
      });
      made.set(name, fn);
    }
    for (const fn of made.values()) {
      const { build } = await customer.built(fn);
      assert.equal(build.status, 'ready', JSON.stringify(build.error));
    }
  }

  const VARIABLES = [
    ['mysql_password', 'secret'],
    ['smtp_password', 'secret'],
    ['slack_token', 'xoxb-right'],
    ['account_sid', ACCOUNT_SID],
    ['auth_token', 'right'],
  ] as const;
  const CAUSES: Partial<Record<keyof typeof ZOO, Record<string, unknown>>> = {
    lodash: { event_source: 'account_event', event_filter: ['sale.created.success'] },
    mysql: { event_source: 'account_event', event_filter: ['sale.created.success.paid'] },
  };
  const the = (name: keyof typeof ZOO): Fn => made.get(name) as Fn;
  const answerOf = <T>(name: keyof typeof ZOO, body: string): Promise<T> =>
    customer.answerOf<T>(the(name), body);
  const refusalOf = async (name: keyof typeof ZOO, body: string): Promise<string> => {
    const answer = await fetch(the(name).function_url ?? '', { method: 'POST', body });
    assert.equal(answer.status, 500);
    return ((await answer.json()) as { error: string }).error;
  };
  /** What a function returned for an event. */
  const resultOf = async <T>(name: keyof typeof ZOO): Promise<T> => {
    const run = await customer.endedRun(the(name));
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    return (await customer.json<{ result: T }>(`/millrace/v1/runs/${run.id}/result`)).result;
  };

  test('calls another API with request, and may respond with the response itself', async () => {
    const answer = await answerOf<{ path: string; sent: unknown; response: { statusCode: number } }>(
      'request',
      's1',
    );
    assert.equal(answer.path, '/v1?key=crm%20key%201');
    assert.deepEqual(answer.sent, { sale: 's1' });
    assert.equal(answer.response.statusCode, 200);
  });

  test('works through a sale with lodash', async () => {
    const products = [
      { internal_id: 1, sku: 'a', quantity: 2 },
      { internal_id: 1, sku: 'a', quantity: 3 },
      { internal_id: 2, sku: 'b', quantity: 1 },
    ];
    await customer.happens('sale.created.success', { data: { products_calculated: products } });
    assert.deepEqual(await resultOf('lodash'), { by_sku: { a: 5, b: 1 } });
  });

  test('writes a sale into MariaDB with mysql', async () => {
    await customer.happens('sale.created.success.paid', {
      item_id: 'Q4nGRNpLgpS92QqGLwlX',
      data: { amount_gross: 12.5 },
    });
    assert.deepEqual(await resultOf('mysql'), [{ id: 'Q4nGRNpLgpS92QqGLwlX', amount: 12.5 }]);
  });

  test('sends a mail over TLS with nodemailer', async () => {
    assert.deepEqual(await answerOf('nodemailer', '5 apples'), ['john@doe.test']);
    const [seen] = (await mail.ask('mails')) as SeenMail[];
    assert.deepEqual(
      [seen?.from, seen?.to, seen?.user, seen?.isEncrypted],
      ['shop@shop.test', ['john@doe.test'], 'shop', true],
    );
    assert.match(seen?.text ?? '', /^Subject: Your sale$[\s\S]*Thank you for 5 apples/m);
  });

  test('keeps notes in PostgreSQL with pg', async () => {
    await answerOf('pg', 'one');
    assert.deepEqual(await answerOf('pg', 'two'), [{ text: 'one' }, { text: 'two' }]);
  });

  test('counts in Redis, its connection left open', async () => {
    assert.deepEqual(await answerOf('redis', ''), { visits: 1 });
    assert.deepEqual(await answerOf('redis', ''), { visits: 2 });
  });

  test('posts to Slack with @slack/web-api, at once in a new sandbox too', async () => {
    const answer = await fetch(the('slack').function_url ?? '', { method: 'POST', body: '12.50' });
    const { ok, ts } = (await answer.json()) as { ok: boolean; ts: string };
    assert.equal(ok, true);
    assert.deepEqual(await slack.ask('messages'), [{ channel: '#sales', text: 'New sale: 12.50', ts }]);
    // A parser that was still being compiled when its template forked once kept it waiting for 8 s.
    assert.ok((await customer.runOf(answer)).duration_ms < 4_000);
  });

  test('is told what Slack refuses', async () => {
    const wrong = { environment_variables: [{ name: 'slack_token', value: 'xoxb-wrong', encrypted: true }] };
    await customer.change(the('slack'), wrong);
    assert.equal(await refusalOf('slack', ''), 'invalid_auth');
  });

  test('sends a message with twilio', async () => {
    const answer = await fetch(the('twilio').function_url ?? '', { method: 'POST', body: '+15558675310' });
    assert.match(await answer.text(), /^SM0{31}1$/);
    assert.deepEqual(await twilio.ask('messages'), [
      { to: '+15558675310', from: '+15005550006', body: 'Your order shipped' },
    ]);
    assert.match(await refusalOf('twilio', 'nobody'), /The 'To' number nobody is not a valid phone number/);
  });
});
