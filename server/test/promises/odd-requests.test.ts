// Requests as odd clients, proxies and strangers send them: what is legal is served, what isn't is refused
// with a reason, and nobody is let in, or asked to go on, before the caller is known. Through the public
// port.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Customer, type HostedFunction } from './customer.ts';
import { rawRequest } from './raw-request.ts';
import { Site } from './site.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();

const ECHO = `exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify([event.path, event.headers.Host ?? null, event.body]) });`;
const HEADERS = `exports.handler = async (event) => ({
  statusCode: 200,
  headers: { 'X-Name': 'caf\\u00e9' },
  body: event.queryStringParameters?.empty ? '' : 'text',
});`;

let millrace: Millrace;
let customer: Customer;
let echo: HostedFunction;
let hook: string;
let url: string;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace({ env: { MILLRACE_RUNS_PER_ACCOUNT: '3' } });
  customer = new Customer(millrace);
  echo = await customer.uploadCode(ECHO);
  const trigger = async (kind: string): Promise<string> => {
    const made = await customer.json<{ url: string }>('/millrace/v1/triggers', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ function_id: echo.id, kind, settings: {} }),
    });
    return new URL(made.url).pathname;
  };
  [hook, url] = [await trigger('webhook'), await trigger('function_url')];
  await new Site(millrace).upload(
    'odd.functions',
    {
      endpoints: {
        'caf\u00e9/b-c': { method: ['GET', 'POST'], file: 'echo.js' },
        'na%C3%AFve/b%20c': { file: 'echo.js' },
      },
    },
    { 'echo.js': 'exports.main = (context, send) => send({ body: [context.endpoint, context.body] });' },
  );
});
after(() => millrace?.close());

const auth = (): string => `Authorization: Bearer ${millrace.token}\r\n`;
const closing = 'Connection: close\r\n';

describe('a Content-Type', { skip }, () => {
  for (const type of [
    'application/json,application/json',
    'application/json, application/json',
    '',
    'json',
    ';',
    'a/b;c',
  ]) {
    test(`"${type}" keeps no message from a function`, async () => {
      const headers = `Host: localhost\r\n${closing}Content-Type: ${type}\r\nContent-Length: 2\r\n`;
      for (const [path, more] of [
        [hook, ''],
        [`/func/v1/${echo.id}`, auth()],
        [url, ''],
        ['/_hcms/api/caf%C3%A9/b-c', ''],
      ] as const) {
        const { status, body } = await rawRequest(
          millrace.url,
          `POST ${path} HTTP/1.1\r\n${headers}${more}\r\n{}`,
        );
        assert.equal(status, 200, `${path}: ${body}`);
      }
    });
  }
});

describe('a request target', { skip }, () => {
  test('in absolute form is served as its path', async () => {
    const target = `${millrace.url}/func/v1/${echo.id}`;
    const answer = await rawRequest(
      millrace.url,
      `GET ${target} HTTP/1.1\r\nHost: other.example\r\n${closing}${auth()}\r\n`,
    );
    assert.equal(answer.status, 200, answer.body);
    assert.equal((JSON.parse(answer.body) as unknown[])[0], `/func/v1/${echo.id}`);
  });

  test('in absolute form without a host is nothing, whatever the Host header says', async () => {
    for (const target of [`http:///func/v1/${echo.id}`, `HTTPS:///func/v1/${echo.id}`]) {
      const answer = await rawRequest(
        millrace.url,
        `GET ${target} HTTP/1.1\r\nHost: other.example\r\n${closing}${auth()}\r\n`,
      );
      assert.ok([400, 404].includes(answer.status), answer.body);
    }
  });

  for (const path of [
    '/_hcms/api/caf%C3%A9/b-c',
    '/%5Fhcms/api/caf%c3%a9/b-c',
    '/_hcms/%61pi/caf%C3%A9/b-c/',
    '/_hcms/api/na%C3%AFve/b%20c',
  ]) {
    test(`${path} means an endpoint whose name needs escapes`, async () => {
      const answer = await fetch(`${millrace.url}${path}?portalid=1001`);
      assert.equal(answer.status, 200);
      const below = path.split('/').slice(3).join('/');
      assert.deepEqual(await answer.json(), [`${below}?portalid=1001`, {}]);
    });
  }

  for (const id of ['%00', 'a%00b', '%ED%A0%80']) {
    test(`/func/v1/${id} is not there`, async () => {
      const answer = await customer.request(`/func/v1/${id}`);
      assert.ok([400, 404].includes(answer.status), String(answer.status));
    });
  }
});

describe('Expect: 100-continue', { skip }, () => {
  const head = (path: string, more: string): string =>
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${closing}${more}Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n`;

  test('is answered once the caller is admitted', async () => {
    const { head: first, body } = await rawRequest(millrace.url, head(`/func/v1/${echo.id}`, auth()), '{}');
    assert.match(first, /^HTTP\/1\.1 100 Continue/);
    assert.match(body, /^HTTP\/1\.1 200 /);
    assert.equal(body.match(/100 Continue/g), null);
  });

  test('is not, where he is refused', async () => {
    for (const path of [`/func/v1/${echo.id}`, '/millrace/v1/events', '/v2/functions/import', '/nothing']) {
      const { head: first } = await rawRequest(millrace.url, head(path, ''));
      assert.match(first, /^HTTP\/1\.1 40[14] /, path);
    }
  });
});

describe('a call of an account that has as many runs going on as it may', { skip }, () => {
  test('is refused before its body is asked for', async () => {
    const slow = await customer.uploadCode(
      'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 3000, { statusCode: 200 }));',
    );
    const ask = (): Promise<{ head: string; body: string }> =>
      rawRequest(
        millrace.url,
        `POST /func/v1/${echo.id} HTTP/1.1\r\nHost: localhost\r\n${closing}${auth()}Content-Length: 2\r\nExpect: 100-continue\r\n\r\n`,
        '{}',
      );
    // What asks may have the place of one of the three, which is refused then: they are begun anew.
    const refusedBesideThree = async (): Promise<string | null> => {
      const going = Array.from({ length: 3 }, () => customer.call(slow));
      let areOver = false;
      const over = Promise.all(going).finally(() => {
        areOver = true;
      });
      while (!areOver) {
        const { head: first, body } = await ask();
        if (!first.startsWith('HTTP/1.1 429')) continue;
        assert.ok((await over).some(({ status }) => status === 200));
        return body;
      }
      return null;
    };
    let refusal = await refusedBesideThree();
    while (refusal === null) refusal = await refusedBesideThree();
    assert.match(refusal, /3 runs going on, its limit is 3/);
    assert.match((await ask()).head, /^HTTP\/1\.1 100 /);
  });
});

describe('HTTP/1.0', { skip }, () => {
  test('with a Transfer-Encoding, which it does not know, is refused', async () => {
    const request = `POST /func/v1/${echo.id} HTTP/1.0\r\n${auth()}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`;
    const { status, body } = await rawRequest(millrace.url, request);
    assert.equal(status, 400);
    assert.match(body, /Transfer-Encoding/);
  });
});

describe('a header beyond ASCII', { skip }, () => {
  test('has the same bytes with a body and without one', async () => {
    const fn = await customer.uploadCode(HEADERS);
    const lines = [];
    for (const query of ['', '?empty=1']) {
      const request = `GET /func/v1/${fn.id}${query} HTTP/1.1\r\nHost: localhost\r\n${closing}${auth()}\r\n`;
      const { bytes } = await rawRequest(millrace.url, request);
      lines.push(/\r\nx-name: (.*)\r\n/i.exec(bytes.toString('latin1'))?.[1]);
    }
    assert.deepEqual(lines, ['caf\u00e9', 'caf\u00e9']);
  });
});

describe('/mcp', { skip }, () => {
  test('says which methods it takes', async () => {
    const options = await fetch(`${millrace.url}/mcp`, { method: 'OPTIONS' });
    assert.deepEqual([options.status, options.headers.get('allow')], [204, 'POST, OPTIONS']);
    for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await customer.request('/mcp', { method });
      assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'POST, OPTIONS'], method);
    }
  });
});

describe('an address that anyone may call', { skip }, () => {
  for (const path of [
    '/localdevauth/v1/auth/refresh',
    '/oauth/v1/token',
    '/local/dev/tools/proxy/v1/usage',
    '/api/v1/auths/limited',
  ]) {
    test(`${path} takes a few kilobytes`, async () => {
      const body = JSON.stringify({ text: 'x'.repeat(20_000) });
      const answer = await fetch(`${millrace.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      assert.equal(answer.status, 413, await answer.text());
    });
  }
});

describe('JSON nested thousands of levels deep', { skip }, () => {
  const deep = `${'['.repeat(6000)}${']'.repeat(6000)}`;
  for (const [method, path, body] of [
    [
      'POST',
      '/millrace/v1/flows',
      `{"name":"a","kind":"customer_lifecycle","starts":["customer.created"],"nodes":${deep}}`,
    ],
    ['POST', '/millrace/v1/payment-profiles', `{"name":"a","nodes":${deep}}`],
    ['POST', '/millrace/v1/events', `{"type":"order:created","item_id":"1","data":{"a":${deep}}}`],
    [
      'POST',
      '/api/v1/event_test_templates',
      `{"event_type":"order:created","name":"a","payload":{"a":${deep}}}`,
    ],
    ['POST', '/v2/functions', `{"name":"a","custom_arguments":${deep}}`],
    ['POST', '/cms/v3/functions/secrets', `{"key":"a","secret":${deep}}`],
    ['POST', '/mcp', `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${deep}}`],
  ] as const) {
    test(`is refused at ${path}, with the rule`, async () => {
      const headers = { 'content-type': 'application/json' };
      const answer = await customer.request(path, { method, headers, body });
      const text = await answer.text();
      assert.equal(answer.status, 400, text);
      assert.match(text, /nested deeper than 128 levels/);
    });
  }

  test('reaches a function that is called with it', async () => {
    const answer = await customer.call(echo, { method: 'POST', body: deep });
    assert.equal(((await answer.json()) as string[])[2], deep);
  });
});
