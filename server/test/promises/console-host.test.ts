// The console's host: how the first person gets in, and that what functions answer reaches nobody's session
// there, by whatever a page may try. In a real browser, through the public port.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { json } from './console-client.ts';
import { Customer } from './customer.ts';
import { type OpenedBrowser, openBrowser } from './open-browser.ts';
import { freePort, type Millrace, noJails, startMillrace } from './start-millrace.ts';

const OPERATOR = { email: 'ann@example.com', name: 'Ann', password: 'a long enough password' };
type Told = { status: number; body: string };

/** Asks for something as the page that is open. */
const ask = (page: Page, path: string, body?: object): Promise<Told> =>
  page.evaluate(
    async ([address, sent]) => {
      const init = sent === null ? {} : { method: 'POST', body: sent };
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`/millrace/v1${address}`, { ...init, headers });
      return { status: answer.status, body: await answer.text() };
    },
    [path, body === undefined ? null : JSON.stringify(body)] as const,
  );

describe('the console’s host', { skip: noJails() }, () => {
  let millrace: Millrace;
  let browser: OpenedBrowser;
  let page: Page;
  let consoleUrl: string;
  let functionsUrl: string;

  before(async () => {
    const port = await freePort();
    // Two hosts of one site: what `SameSite` lets through is all that a neighbour could have.
    consoleUrl = `http://console.site.localhost:${port}`;
    functionsUrl = `http://run.site.localhost:${port}`;
    millrace = await startMillrace({
      env: {
        MILLRACE_PORT: String(port),
        MILLRACE_CONSOLE_URL: consoleUrl,
        MILLRACE_PUBLIC_URL: functionsUrl,
      },
    });
    browser = await openBrowser();
    page = await browser.context.newPage();
  });
  after(async () => {
    await browser?.close();
    await millrace?.close();
  });

  test('the start leaves a link for the first person, in a file of its owner alone; it opens once', async () => {
    const file = path.join(millrace.dataDir, 'console.link');
    assert.ok(millrace.output().includes(`console  ${consoleUrl}`));
    assert.ok(millrace.output().includes(file));
    assert.equal(statSync(file).mode & 0o077, 0);
    const link = readFileSync(file, 'utf8').trim();
    const [address, secret = ''] = link.split('#');
    assert.equal(address, `${consoleUrl}/setup`);
    assert.ok(!millrace.output().includes(secret));
    await page.goto(consoleUrl);
    const accept = (first: object): Promise<Told> => ask(page, '/setup/accept', first);
    assert.equal((await accept({ ...OPERATOR, secret: 'x'.repeat(43) })).status, 404);
    assert.equal((await accept({ ...OPERATOR, secret, password: 'short' })).status, 400);
    const made = await accept({ ...OPERATOR, secret });
    assert.equal(made.status, 200, made.body);
    const own = JSON.parse((await ask(page, '/session')).body) as { email: string };
    assert.equal(own.email, OPERATOR.email);
    assert.equal((await accept({ ...OPERATOR, email: 'eve@example.com', secret })).status, 404);
  });

  test('a browser at the installation’s own address is shown where the console is, a program nothing', async () => {
    const shown = await fetch(millrace.url, { headers: { accept: 'text/html' } });
    assert.equal(shown.status, 200);
    assert.ok((await shown.text()).includes(`href="${consoleUrl}"`));
    assert.equal((await fetch(millrace.url)).status, 404);
  });

  test('a function’s page reaches no session: by fetch, form, frame, cookie, window, service worker', async () => {
    const customer = new Customer(millrace);
    const code = readFileSync(path.join(import.meta.dirname, 'functions/reach-for-session.js'), 'utf8');
    const fn = await customer.uploadCode(code);
    const { url } = await customer.json<{ url: string }>(
      '/millrace/v1/triggers',
      json({ function_id: fn.id, kind: 'function_url' }),
    );
    assert.equal((await ask(page, '/session')).status, 200);
    const attacker = await browser.context.newPage();
    await attacker.goto(`${functionsUrl}${new URL(url).pathname}?console=${consoleUrl}`);
    const tried = await attacker.evaluate<Record<string, string>>('window.tried');
    for (const way of ['read', 'framed', 'window', 'worker', 'foreignWorker'] as const)
      assert.match(tried[way] ?? '', /^refused/, `${way}: ${tried[way]}`);
    assert.equal(tried.blind, '');
    // A form can be sent to another host, with what `SameSite` lets through: the server asks who sends it.
    const form = attacker.waitForResponse((answer) => answer.url().startsWith(consoleUrl));
    await attacker.evaluate("document.getElementById('form').submit()");
    assert.ok((await form).status() >= 400);
    // The person is who they were, and their own page knows nothing of the other.
    await page.goto(consoleUrl);
    assert.equal((await ask(page, '/session')).status, 200);
    assert.equal(await page.evaluate('window.opener'), null);
    assert.equal(await page.evaluate('navigator.serviceWorker.controller'), null);
  });

  test('the editor fills its window, and follows the system from light to dark', async () => {
    const customer = new Customer(millrace);
    const fn = await customer.uploadCode('exports.handler = async () => 1;');
    const description = 'Words that take more than one line of the head of a page. '.repeat(6).trim();
    await customer.settings(fn, { description });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(consoleUrl);
    await page.waitForURL(/\/live$/);
    await page.goto(`${page.url()}/functions/${fn.id}`);
    await page.waitForSelector('.monaco-editor.vs');
    const taller = 'document.documentElement.scrollHeight - innerHeight';
    assert.equal(await page.evaluate(taller), 0);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForSelector('.monaco-editor.vs-dark');
  });

  test('a narrow window shows a failed run without its page being wider', async () => {
    const customer = new Customer(millrace);
    const fn = await customer.uploadCode(
      `exports.handler = async () => { throw new Error('${'long words '.repeat(20)}'); };`,
    );
    const call = `/millrace/v1/functions/${fn.id}/runs`;
    const { run } = await customer.json<{ run: { id: string } }>(call, json({}));
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(consoleUrl);
    await page.waitForURL(/\/live$/);
    await page.goto(`${page.url()}/runs/${run.id}`);
    await page.waitForSelector('.source .marked');
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360);
  });
});
