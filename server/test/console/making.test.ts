// A merchant's developer makes functions: triggers, changed and tried; what is typed stays through a lost
// connection, an ended session and a colleague's deploy. In Debian's Chromium, through the public doors.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { longTest } from '../long-test.ts';
import { zipOf } from '../promises/customer.ts';
import { noJails } from '../promises/start-millrace.ts';
import {
  type Console,
  callApi,
  EMAIL,
  openConsole,
  PASSWORD,
  see,
  sendApi,
  setUp,
  visit,
} from './open-console.ts';

const skip = noJails();

let opened: Console;
/** Address of an account's pages in live. */
let base: string;
let fn: string;

before(async () => {
  if (skip !== false) return;
  opened = await openConsole({ MILLRACE_PACKAGES: 'lodash,axios' });
  await setUp(opened);
  base = `${opened.url}/${new URL(opened.page.url()).pathname.split('/')[1]}/live`;
  fn = await makeFunction('orders');
});
after(() => opened?.close());

async function makeFunction(name: string): Promise<string> {
  const code = { inline: 'exports.handler = async (event) => event;' };
  return (await callApi<{ id: string }>(opened, '/functions', { name, code })).id;
}

async function typeDraft(id: string, code: string): Promise<void> {
  const { page, actions } = opened;
  const editor = page.locator('.view-lines');
  await visit(page, `${base}/functions/${id}`, editor);
  await see(page, editor);
  await actions.paste(code);
  await page.getByText(/^Draft/).waitFor();
}

describe('triggers in the console', { skip }, () => {
  const list = () => opened.page.locator('.trigger-list');

  test('of events are found by a search, and changed with their shops and delay', async () => {
    const { page, actions } = opened;
    await visit(page, `${base}/functions/${fn}/triggers`, page.getByRole('button', { name: 'Add event' }));
    await actions.click('Add event');
    await page.getByLabel(/Search the catalogue/).fill('customer');
    await page.getByRole('checkbox', { name: /^customer\.created/ }).check();
    await actions.click('Add');
    await list().getByText('customer.created').waitFor();
    await actions.click('Edit');
    await actions.fill('Only of shops', 'EU, US east');
    await actions.fill('Run later by', '2');
    await page.getByLabel('Unit of the delay').selectOption('hours');
    await actions.click('Save');
    await list().getByText('only of EU, US east').waitFor();
    await list().getByText('runs 120 min later').waitFor();
    const [trigger] = (await callApi<{ data: { settings: object; delay_ms: number }[] }>(opened, '/triggers'))
      .data;
    assert.deepEqual(trigger?.settings, {
      notations: ['customer.created'],
      campaigns: [],
      shops: ['EU', 'US east'],
    });
    assert.equal(trigger?.delay_ms, 7_200_000);
  });

  test('of a webhook are tried with a message that is signed as its sender would', async () => {
    const { page, actions } = opened;
    await actions.click('Add webhook');
    await page.getByLabel('How messages are verified').selectOption('stripe');
    await actions.fill('Secret', 'no secret of an endpoint');
    await actions.click('Add');
    await page.locator('.wrong', { hasText: 'Must be the signing secret of a Stripe endpoint' }).waitFor();
    await actions.fill('Secret', 'whsec_of_an_endpoint');
    await actions.click('Add');
    await list().getByText('Messages are verified: Stripe').waitFor();
    await actions.click('Send a test message');
    await actions.click('Send');
    await page.getByText('Verified and accepted.').waitFor();
    await actions.click('Open run', 'link');
    await see(page, page.getByRole('heading', { name: /Succeeded/ }));
  });
});

describe('what there is elsewhere', { skip }, () => {
  /** Through the element behind the button: a browser's own dialog can't be driven. */
  async function choose(label: string, files: Parameters<Locator['setInputFiles']>[0]): Promise<void> {
    const { page } = opened;
    await visit(page, `${base}/functions/import`, page.getByRole('button', { name: label }));
    await page.locator(`input[aria-label="${label}"]`).setInputFiles(files);
  }

  test('comes in as an import file, whose problems are listed and whose variables are asked for', async () => {
    const { page, actions, millrace } = opened;
    const file = (fields: object) => ({
      name: 'shout.json',
      mimeType: 'application/json',
      buffer: Buffer.from(`// as a third party hands it over\n${JSON.stringify(fields)}`),
    });
    await choose('Choose a file', file({ name: '', trigger: 'sometimes', function_code: 'callback()' }));
    await page.getByText(/^\d things prevent the import/).waitFor();
    await choose(
      'Choose a file',
      file({
        ...{ name: 'shout', author: 'Acme Inc.', trigger: 'function_url' },
        process_env: [{ name: 'MARK', description: 'Behind each text', required: true, value: '' }],
        function_code: 'callback(null, event.data.toUpperCase() + process.env.MARK)',
      }),
    );
    await page.getByText('1 thing prevents the import').waitFor();
    await page.getByText('Behind each text · required').waitFor();
    await actions.fill('MARK', '!');
    await page.getByText('shout.json can be imported.').waitFor();
    await actions.click('Import, disabled at first');
    await see(page, page.getByText('function URL', { exact: true }));
    const url = (await page.locator('.address').first().textContent()) ?? '';
    // The account has a room of this name, too.
    await page.locator('main').getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByLabel(/^Enabled/).check();
    await actions.click('Save');
    await page.getByText('Saved', { exact: true }).waitFor();
    const here = `${millrace.url}${new URL(url).pathname}`;
    assert.equal(await (await fetch(here, { method: 'POST', body: 'hello' })).text(), 'HELLO!');
  });

  longTest('comes in as a folder of a site, whose addresses answer', async () => {
    const { page, actions, millrace } = opened;
    const folder = mkdtempSync(path.join(tmpdir(), 'millrace-theme-'));
    const functions = path.join(folder, 'theme/greet.functions');
    mkdirSync(functions, { recursive: true });
    const endpoints = { greet: { method: 'GET', file: 'greet.js' } };
    writeFileSync(
      path.join(functions, 'serverless.json'),
      JSON.stringify({ runtime: 'nodejs20.x', version: '1.0', endpoints }),
    );
    const code = 'exports.main = (context, send) => send({ statusCode: 200, body: { hello: "visitor" } });';
    writeFileSync(path.join(functions, 'greet.js'), code);
    await choose('Choose a folder', path.join(folder, 'theme'));
    await page.getByText('1 folder of functions').waitFor();
    rmSync(folder, { recursive: true });
    await page.getByText('can move in').waitFor();
    await actions.click('Move in');
    await page.getByText('1 address answers').waitFor();
    const url = (await page.locator('.moving-list a').first().getAttribute('href')) ?? '';
    const answer = await fetch(`${millrace.url}${new URL(url).pathname}`);
    assert.deepEqual(await answer.json(), { hello: 'visitor' });
  });

  longTest('comes in as a zip of one function', async () => {
    const { page, actions } = opened;
    const zip = zipOf({ 'main.js': 'exports.handler = async () => "of a zip";' });
    await choose('Choose a file', { name: 'zipped.zip', mimeType: 'application/zip', buffer: zip });
    await page.getByText('1 file', { exact: true }).waitFor();
    assert.equal(await page.getByLabel('Handler').inputValue(), 'main.handler');
    await actions.click('Create function');
    await see(page, page.locator('.view-lines').getByText('of a zip'));
  });
});

describe('what is typed in the console', { skip }, () => {
  test('stays while the server doesn’t answer, which the page says', async () => {
    const { page, browser } = opened;
    await typeDraft(fn, 'exports.handler = async () => "typed";');
    await browser.context.setOffline(true);
    try {
      await page.getByText(/^The server doesn't answer/).waitFor();
    } finally {
      await browser.context.setOffline(false);
    }
    await page.getByText(/^The server doesn't answer/).waitFor({ state: 'hidden' });
    await page.locator('.view-lines').getByText('typed').waitFor();
  });

  test('isn’t deployed over what a colleague has deployed, and is compared with it', async () => {
    const { page, actions } = opened;
    await sendApi(opened, 'PUT', `/functions/${fn}/code`, {
      code: { inline: 'exports.handler = async () => "a colleague";' },
    });
    await visit(page, `${base}/functions/${fn}`, page.getByText(/^Version 2 was deployed since/));
    await actions.click('Compare');
    await page.locator('.code-difference').getByText('a colleague').waitFor();
    await actions.click('Deploy');
    await page.locator('dialog').getByRole('alert').waitFor();
    await actions.click('Cancel');
    await actions.click('Go on with my draft');
    await actions.press('Control+s');
    await actions.fill('Note', 'mine, after theirs');
    await actions.click('Deploy');
    await page.getByText('Version 3 is live').waitFor();
  });

  test('goes to a part of the runs at first, then to all of them', async () => {
    const { page, actions } = opened;
    const split = await makeFunction('split');
    await typeDraft(split, 'exports.handler = async () => "for some";');
    await actions.press('Control+s');
    await page.getByLabel('Who gets it').selectOption('10');
    await actions.click('Deploy');
    await page.getByText('Version 2 gets 10 % of the runs').waitFor();
    await actions.click('Versions', 'link');
    await see(page, page.getByText(/^Version 2 gets 10 % of the runs, version 1/));
    await actions.fill('Percent of the runs', '50');
    await actions.click('Change');
    await page.getByText(/^Version 2 gets 50 %/).waitFor();
    await actions.click('All runs to version 2');
    await page.getByText('2, live').waitFor();
    await page.getByText(/^Version 2 gets/).waitFor({ state: 'detached' });
    const { version, canary } = await callApi<{ version: number; canary: unknown }>(
      opened,
      `/functions/${split}`,
    );
    assert.deepEqual([version, canary], [2, null]);
  });

  longTest('can load the packages alone that are allowed here, which the page suggests', async () => {
    const { page, actions } = opened;
    const add = page.getByRole('button', { name: 'Install' });
    await visit(page, `${base}/functions/${fn}/packages`, add);
    await page.getByText('2 packages are allowed here: search').waitFor();
    assert.equal(await page.locator('#allowed-packages option[value=lodash]').count(), 1);
    await actions.fill('Package', 'lodahs');
    await actions.click('Install');
    await page.locator('.wrong', { hasText: 'lodash' }).waitFor();
  });

  longTest('is there again after the session has ended and the person has signed in', async () => {
    const { page, actions } = opened;
    await typeDraft(fn, 'exports.handler = async () => "before the end";');
    const [ann] = (await callApi<{ data: { id: string }[] }>(opened, '/users')).data;
    await sendApi(opened, 'DELETE', `/users/${ann?.id}/sessions`);
    await actions.press('Control+s');
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await see(page, page.getByRole('button', { name: 'Sign in', exact: true }));
    await actions.fill('E-mail address', EMAIL);
    await actions.fill('Password', PASSWORD);
    await actions.click('Sign in');
    await see(page, page.locator('.view-lines').getByText('before the end'));
    await page.getByText(/^Draft from/).waitFor();
  });
});
