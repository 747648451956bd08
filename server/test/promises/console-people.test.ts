// People and tokens on the console's pages: an owner invites, another joins by the link and sees what their
// role permits, a token that was made there works. In a real browser, through the public port.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Customer } from './customer.ts';
import { type OpenedBrowser, openBrowser } from './open-browser.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const MARKUP = 'Bob <b>bold</b>';

describe('the console’s room of people', { skip: noJails() }, () => {
  let millrace: Millrace;
  let browser: OpenedBrowser;
  let page: Page;
  let link: string;
  const broken: string[] = [];

  before(async () => {
    millrace = await startMillrace();
    browser = await openBrowser();
    page = await browser.context.newPage();
    page.on('pageerror', (error) => broken.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) broken.push(message.text());
    });
    await page.goto(readFileSync(path.join(millrace.dataDir, 'console.link'), 'utf8').trim());
    await page.getByLabel('Your name').fill('Ann');
    await page.getByLabel('E-mail address').fill('ann@example.com');
    await page.getByLabel('Password').fill('a long enough password');
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.getByRole('link', { name: 'People and tokens' }).click();
  });
  after(async () => {
    await browser?.close();
    await millrace?.close();
  });

  test('makes a token that is shown once, and may what its maker may', async () => {
    await page.getByLabel('Name of the token').fill('deploys');
    await page.getByRole('button', { name: 'Make token' }).click();
    const token = (await page.locator('.notice code').textContent()) ?? '';
    const customer = new Customer(millrace, token);
    assert.equal((await customer.request('/millrace/v1/functions')).status, 200);
    assert.equal((await customer.request('/millrace/v1/operator/accounts')).status, 200);
    await page.reload();
    const row = page.getByRole('row', { name: /deploys/ });
    await row.waitFor();
    assert.ok(!(await page.content()).includes(token));
    await row.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Really delete?' }).click();
    await row.waitFor({ state: 'detached' });
    assert.equal((await customer.request('/millrace/v1/functions')).status, 401);
  });

  test('invites by a link that is shown, and says beside the field what is wrong', async () => {
    await page.getByRole('button', { name: 'Invite' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-mail address').fill('ann@example.com');
    await dialog.getByLabel('Name').fill(MARKUP);
    await dialog.getByRole('button', { name: 'Invite' }).click();
    await dialog.getByText('has a role in the account already').waitFor();
    await dialog.getByLabel('E-mail address').fill('bob@example.com');
    await dialog.getByRole('button', { name: 'Invite' }).click();
    link = (await dialog.locator('code').textContent()) ?? '';
    assert.match(link, /^http:\/\/console\.localhost:\d+\/invitation#\w{43}$/);
    await page.keyboard.press('Escape');
    await page.getByRole('row', { name: /bob@example\.com/ }).waitFor();
  });

  test('shows in the audit log who did what, and one kind where the address says so', async () => {
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('row', { name: /Invited bob@example\.com · developer Ann/ }).waitFor();
    await page.getByRole('row', { name: /First person set up/ }).waitFor();
    await page.getByLabel('Kind of entry').selectOption('Signed in');
    await page.getByRole('row', { name: /Invited/ }).waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /Signed in password Ann/ }).waitFor();
    assert.match(page.url(), /audit\?action=session\.create$/);
  });

  test('who is invited joins by the link, and is shown what the role permits', async () => {
    await page.context().clearCookies();
    await page.goto(link);
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByText('12').last().waitFor();
    assert.ok(!page.url().includes('#'), 'the secret is gone from the address');
    await page.getByLabel('Password').fill('another long password');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('link', { name: 'People and tokens' }).click();
    await page.getByRole('cell', { name: MARKUP }).waitFor();
    assert.equal(await page.locator('main b').count(), 0);
    await page.getByText('You may not see this').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Invite' }).count(), 0);
  });

  test('breaks nowhere, and reports nothing against the content security policy', () => {
    assert.deepEqual(broken, []);
  });
});
