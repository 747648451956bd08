// A site that has moved here from HubSpot, for promises: its functions, in the manner of HubSpot's
// documentation and of public repositories, live on a Millrace of its own; and the membership service that
// knows its visitors.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Customer } from './customer.ts';
import { Site } from './site.ts';
import { type Millrace, startMillrace } from './start-millrace.ts';

export const CONTACT_KEY = 'a key of thirty-two characters or more';
export const SECRET = 'pat-na1-3c1e4a5e-secret';

const FUNCTIONS: Record<string, string> = {
  'getparam.js': `exports.main = ({ params, accountId, limits }, sendResponse) => {
    sendResponse({ statusCode: 200, body: \`Hello \${params.name} of \${accountId}\` });
  };`,
  'context.js': `exports.main = async (context, sendResponse) => {
    const spelled = context.headers['User-Agent'] === context.headers['user-agent'];
    sendResponse({ body: { ...context, headers: { ...context.headers }, spelled }, statusCode: 200 });
  };`,
  'twice.js': `exports.main = (context, sendResponse) => {
      if (!context.params.password) sendResponse({ statusCode: 403, body: 'no password' });
      sendResponse({ statusCode: 200, body: 'should not be seen' });
      setTimeout(() => console.log('done afterwards'), 50);
    };`,
  'counter.js': `let calls = 0;
    exports.main = (context, sendResponse) => sendResponse({ statusCode: 200, body: { calls: ++calls } });`,
  'cookies.js': `exports.main = (context, sendResponse) => sendResponse({
      statusCode: 200, body: 'set',
      multiValueHeaders: { 'Set-Cookie': ['a=1; Path=/', 'b=2; HttpOnly'] },
    });`,
  'cookie.js': `exports.main = (context, sendResponse) => sendResponse({
      body: {}, 'Set-Cookie': 'myCookie=12345; expires=Thu, 01 Jan 2032 12:00:00 GMT', statusCode: 200 });`,
  'redirect.js': `exports.main = (context, sendResponse) => {
    sendResponse({ statusCode: 301, headers: { Location: 'https://www.example.com/' } });
  };`,
  'env.js': `const { STAGE, ENDPOINT, SHARED } = process.env; const key = process.env.API_KEY;
    exports.main = (context, sendResponse) => sendResponse({ body: { STAGE, ENDPOINT, SHARED, key: key === context.secrets.API_KEY, length: key.length } });`,
  'form.js': `const { titleOf } = require('./lib/title');
    exports.main = ({ body, params, method, rawBody }, sendResponse) => {
      sendResponse({ statusCode: 200, body: { body, params, method, rawBody, title: titleOf('form') } });
    };`,
  'lib/title.js': `exports.titleOf = (text) => text.toUpperCase();`,
  'bytes.js': `exports.main = (context, sendResponse) => sendResponse({
      statusCode: '201', headers: { 'Content-Type': 'image/png' }, body: Buffer.from([137, 80, 78, 71]) });`,
  'returns.js': `exports.main = async (context) => ({ statusCode: 202, body: { id: context.params.id } });`,
  'throws.js': `exports.main = ({ params }, sendResponse) => {
      const how = String(params.how);
      console.log('about to fail with ' + process.env.API_KEY);
      if (how === 'throw') throw new Error('the secret is ' + process.env.API_KEY);
      if (how === 'reject') return Promise.reject(new TypeError('private detail'));
      if (how === 'exit') process.exit(3);
      if (how === 'silent') return;
      if (how === 'hang') return new Promise(() => setInterval(() => {}, 1000));
      if (how === 'split') return sendResponse({ statusCode: 200, headers: { 'X-A': 'b\\r\\nSet-Cookie: c=d' }, body: '' });
      if (how === 'status') return sendResponse({ statusCode: 42, body: '' });
      if (how === 'large') return sendResponse({ statusCode: 200, body: 'x'.repeat(8 * 1024 * 1024) });
    };`,
  'told.js': `exports.main = (context, sendResponse) => {
      console.log('TOLD ' + JSON.stringify(context));
      sendResponse({ statusCode: context.body.refuse ? 422 : 200, body: '' });
    };`,
  'options.js': `exports.main = ({ method }, sendResponse) => sendResponse({
      statusCode: method === 'OPTIONS' ? 200 : 201,
      headers: { 'Access-Control-Allow-Origin': 'https://mine.example', 'X-Method': method }, body: '' });`,
};

const DECLARATION = {
  environment: { STAGE: 'live', SHARED: 'global' },
  secrets: ['API_KEY', 'NOT_THERE'],
  endpoints: {
    getparam: { file: 'getparam.js' },
    context: { file: 'context.js', method: ['GET', 'POST'] },
    twice: { file: 'twice.js' },
    counter: { file: 'counter.js' },
    cookies: { file: 'cookies.js' },
    cookie: { file: 'cookie.js' },
    redirect: { file: 'redirect.js' },
    env: { file: 'env.js', environment: { ENDPOINT: 'env', SHARED: 'endpoint' } },
    'Events/Form': { file: 'form.js', method: ['POST', 'PUT', 'PATCH', 'DELETE'] },
    bytes: { file: 'bytes.js' },
    returns: { file: 'returns.js' },
    throws: { file: 'throws.js' },
    told: { file: 'told.js', method: 'POST' },
    options: { file: 'options.js', method: ['POST', 'OPTIONS'] },
  },
};

export type Failed = { status: string; message: string; correlationId: string; category: string };
export type MovedSite = {
  millrace: Millrace;
  site: Site;
  customer: Customer;
  /** What the membership service was asked. */
  asked: { portalId: number; cookie: string | undefined }[];
  close(): Promise<void>;
};

export async function openMovedSite(): Promise<MovedSite> {
  const asked: MovedSite['asked'] = [];
  const members = openMembers(asked);
  await once(members, 'listening');
  const millrace = await startMillrace({
    env: {
      MILLRACE_ENDPOINT_TIMEOUT_MS: '3000',
      MILLRACE_CONTACT_KEY: CONTACT_KEY,
      MILLRACE_CONTACT_URL: `http://127.0.0.1:${(members.address() as AddressInfo).port}/contact`,
      MILLRACE_DOMAINS: 'mapped.example=1001',
      MILLRACE_TRUSTED_PROXIES: '127.0.0.0/8',
    },
  });
  const site = new Site(millrace);
  await site.addSecret('API_KEY', SECRET);
  await site.upload('theme/api.functions', DECLARATION, FUNCTIONS);
  const close = async (): Promise<void> => {
    members.close();
    await millrace.close();
  };
  return { millrace, site, customer: new Customer(millrace), asked, close };
}

function openMembers(asked: MovedSite['asked']): ReturnType<typeof createServer> {
  const members = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { portalId } = JSON.parse(text) as { portalId: number };
    asked.push({ portalId, cookie: request.headers.cookie });
    if (request.headers.cookie?.includes('session=broken')) response.writeHead(500).end('no');
    else if (!request.headers.cookie?.includes('session=ann')) response.writeHead(204).end();
    else response.end(JSON.stringify({ vid: 7, isLoggedIn: true, listMemberships: [616] }));
  });
  return members.listen(0, '127.0.0.1');
}

/** Of a call that was refused. */
export async function refusalOf(answer: Response): Promise<Failed> {
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  const body = (await answer.json()) as Failed;
  assert.equal(body.status, 'error');
  assert.ok(body.correlationId.length > 0 && body.message.length > 0 && body.category.length > 0);
  return body;
}
