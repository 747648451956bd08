// An operator: makes an account, limits what it may use, and hands a product's own person a link into it
// that opens what it names and nothing else. Counted in clicks, keys and typed texts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { noJails } from '../promises/start-millrace.ts';
import { type Console, callApi, openConsole, see, setUp } from './open-console.ts';

const skip = noJails();
const MOST_ACTIONS = 20;

let opened: Console;
before(async () => {
  if (skip === false) opened = await openConsole();
});
after(() => opened?.close());

type Account = { id: string; name: string; status: string; limits: { runs_per_minute: number } };

describe('an operator', { skip }, () => {
  test('makes an account, limits it and links into it in 20 actions', async () => {
    const { page, actions, broken } = opened;
    await setUp(opened);
    const begun = actions.done.length;

    await actions.click('Accounts', 'link');
    await see(page, page.getByRole('button', { name: 'New account' }));
    await actions.click('New account');
    await actions.fill('Name of the account', 'Fjord Shop');
    await actions.fill('Your id', 'customer-1');
    await actions.click('Make account');
    await see(page, page.getByRole('heading', { name: 'Fjord Shop Active' }));

    await actions.fill('Runs that begin in a minute', '60');
    await actions.click('Save limits');
    await page.getByText('Saved', { exact: true }).waitFor();
    const { data } = await callApi<{ data: Account[] }>(opened, '/operator/accounts?external_id=customer-1');
    const id = data[0]?.id ?? '';
    const account = await callApi<Account>(opened, `/operator/accounts/${id}`);
    assert.equal(account.limits.runs_per_minute, 60);

    await actions.click('Portal link');
    await actions.fill('Name of the person', 'Mia');
    await actions.fill('E-mail address', 'mia@example.com');
    await actions.click('Make the link');
    const url = (await page.locator('.portal-url').textContent()) ?? '';
    assert.match(url, /\/portal#/);
    const taken = actions.done.length - begun;
    assert.ok(taken <= MOST_ACTIONS, `${taken}: ${actions.done.slice(begun).join(', ')}`);

    const secret = url.slice(url.indexOf('#') + 1);
    type Opened = { account_id: string; features: { feature: string }[] };
    const open = `fetch('/millrace/v1/portal-session', { method: 'POST',
      headers: { 'content-type': 'application/json' }, body: JSON.stringify({ secret: '${secret}' }) })`;
    const portal = await page.evaluate<Opened>(`${open}.then((response) => response.json())`);
    assert.equal(portal.account_id, id);
    assert.deepEqual(portal.features.map(({ feature }) => feature).sort(), ['code', 'runs']);

    await actions.press('Escape');
    await actions.click('Suspend');
    await actions.click('Really suspend?');
    await see(page, page.getByRole('heading', { name: 'Fjord Shop Suspended' }));
    await actions.click('Platform', 'link');
    await see(page, page.getByRole('columnheader', { name: 'Finding' }));
    assert.deepEqual(broken, []);
  });
});
