// Pages of a site in a real browser that call its functions at another origin, and what an account's minute
// holds: through the public port.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type OpenedBrowser, openBrowser } from './open-browser.ts';
import { Site } from './site.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();

const FUNCTIONS = {
  'subscribe.js': `exports.main = ({ body, headers, method }, sendResponse) => {
    if (!body.email) return sendResponse({ statusCode: 422, body: { error: 'email' } });
    sendResponse({
      statusCode: 201,
      multiValueHeaders: { 'Set-Cookie': ['seen=' + body.email + '; Path=/', 'visits=1; Path=/; HttpOnly'] },
      body: { email: body.email, method, origin: headers.origin, cookie: headers.cookie || null },
    });
  };`,
  'busy.js': `exports.main = ({ limits }, sendResponse) => {
    const until = Date.now() + 700;
    while (Date.now() < until);
    sendResponse({ statusCode: 200, body: limits });
  };`,
};

const PAGE = `<!doctype html><title>A site</title><form id="form"><input name="email" value="ann@example.com"></form>`;

let millrace: Millrace;
let site: Site;
let browser: OpenedBrowser;
let page: Page;
let pagesUrl: string;
const pages = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE);
});

before(async () => {
  if (skip !== false) return;
  pages.listen(0, '127.0.0.1');
  await once(pages, 'listening');
  pagesUrl = `http://localhost:${(pages.address() as AddressInfo).port}`;
  millrace = await startMillrace({
    env: { MILLRACE_CORS_ORIGINS: pagesUrl, MILLRACE_EXECUTION_SECONDS_PER_MINUTE: '2' },
  });
  site = new Site(millrace);
  const endpoints = { subscribe: { file: 'subscribe.js', method: 'POST' }, busy: { file: 'busy.js' } };
  await site.upload('theme/site.functions', { endpoints }, FUNCTIONS);
  browser = await openBrowser();
  page = await browser.context.newPage();
  await page.goto(pagesUrl);
});
after(async () => {
  await browser?.close();
  pages.close();
  await millrace?.close();
});

type Read = { status: number; runId: string | null; body: Record<string, unknown> };

/** What a theme's script does: posts the form as JSON and reads what comes back. */
function submit(email: string): Promise<Read> {
  return page.evaluate(
    async ({ url, email: value }) => {
      const response = await fetch(url, {
        method: 'POST',
        credentials: 'include',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ email: value }),
      });
      return {
        status: response.status,
        runId: response.headers.get('x-run-id'),
        body: (await response.json()) as Record<string, unknown>,
      };
    },
    { url: `${millrace.url}/_hcms/api/subscribe?portalid=1001`, email },
  );
}

describe('a page in a browser', { skip }, () => {
  test('posts JSON to an endpoint of another origin, and reads its answer', async () => {
    const read = await submit('ann@example.com');
    assert.equal(read.status, 201);
    assert.deepEqual(read.body, { email: 'ann@example.com', method: 'POST', origin: pagesUrl, cookie: null });
    assert.ok(read.runId !== null, 'the page can read the run id');
  });

  test('has the cookies that the endpoint set, and sends them with the next call', async () => {
    const cookies = (await browser.context.cookies()).map(({ name, value, httpOnly }) => [
      name,
      value,
      httpOnly,
    ]);
    assert.deepEqual(cookies.sort(), [
      ['seen', 'ann@example.com', false],
      ['visits', '1', true],
    ]);
    const { body } = await submit('bob@example.com');
    assert.match(String(body.cookie), /seen=ann@example\.com/);
    assert.match(String(body.cookie), /visits=1/);
  });

  test('reads refusals of the function and of the platform', async () => {
    assert.deepEqual([(await submit('')).status, (await submit('')).body], [422, { error: 'email' }]);
    const status = await page.evaluate(
      async (url) => (await fetch(url)).status,
      `${millrace.url}/_hcms/api/nothing`,
    );
    assert.equal(status, 404);
  });

  test('of a site that is not named can not read anything', async () => {
    const stranger = await browser.context.newPage();
    await stranger.goto(pagesUrl.replace('localhost', '127.0.0.1'));
    const outcome = await stranger.evaluate(
      (url) => fetch(url).then(String, (error: unknown) => (error as Error).message),
      `${millrace.url}/_hcms/api/nothing`,
    );
    assert.match(outcome, /Failed to fetch/);
    await stranger.close();
  });
});

test('calls beyond the execution seconds of the minute get 429 with the time at which it resets', {
  skip,
}, async () => {
  // The minute may turn meanwhile: it holds two seconds, three calls at least.
  let refused: Response | null = null;
  let remaining = Number.POSITIVE_INFINITY;
  for (let call = 0; call < 12 && refused === null; call += 1) {
    const answer = await site.call('busy');
    if (answer.status === 429) refused = answer;
    else remaining = ((await answer.json()) as { timeRemaining: number }).timeRemaining;
  }
  assert.ok(refused !== null, 'never refused');
  assert.ok(remaining < 1_400, `${remaining} ms were left when the last call began`);
  const body = (await refused.json()) as Record<string, unknown>;
  assert.deepEqual(
    [
      body.status,
      body.category,
      body.errorType,
      body.policyName,
      body.limitSecondsPerMinute,
      body.timeRemaining,
    ],
    ['error', 'RATE_LIMITS', 'RATE_LIMIT', 'EXECUTION_SECONDS', 2, 0],
  );
  const resetInMs = Date.parse(String(body.resetAt)) - Date.now();
  assert.ok(resetInMs > -1_000 && resetInMs <= 60_000);
  assert.equal(Number(refused.headers.get('retry-after')), body.retryAfterS);
});
