// A merchant's developer makes functions: triggers, changed and tried; what is typed stays through a lost
// connection, an ended session and a colleague's deploy. In Debian's Chromium, through the public doors.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
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
  opened = await openConsole();
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

  test('is there again after the session has ended and the person has signed in', async () => {
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
