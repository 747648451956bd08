// A newcomer at an empty installation: sets it up, writes a function, tries and deploys it, breaks it, finds
// the line, mends it and replays what failed. Counted in clicks, keys and typed texts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { noJails } from '../promises/start-millrace.ts';
import { type Console, callApi, openConsole, see, setUp, visit } from './open-console.ts';

const skip = noJails();
const MOST_ACTIONS = 30;

const BROKEN = `exports.handler = async (event) => {
  const { order } = event.data;
  const amount = order ? order.price.amount : 0;
  return { total: amount * 2 };
};
`;
const MENDED_LINE = '  const amount = order?.price?.amount ?? 0;';

let opened: Console;
before(async () => {
  if (skip === false) opened = await openConsole();
});
after(() => opened?.close());

describe('a newcomer', { skip }, () => {
  test('gets from an empty installation to a mended and replayed run in 30 actions', async () => {
    const { page, actions, broken } = opened;
    await setUp(opened);

    await actions.click('New function', 'link');
    await actions.fill('Name', 'orders');
    await actions.click('Create function');
    await see(page, page.locator('.view-lines'));
    await actions.paste(BROKEN);
    await actions.press('Control+Enter');
    await page.locator('.test-panel').getByText('Succeeded').waitFor();
    await actions.press('Control+s');
    await actions.click('Deploy');
    await page.getByText('Version 2 is live').waitFor();

    await actions.click('Variables', 'link');
    await see(page, page.getByRole('button', { name: 'Add variable' }));
    await actions.click('Add variable');
    await actions.fill('Name', 'SHOP');
    await actions.fill('Value', 'Oslo');
    await actions.click('Save');
    await page.getByText('Variables saved').waitFor();

    await actions.click('Triggers', 'link');
    await see(page, page.getByRole('button', { name: 'Add schedule' }));
    await actions.click('Add schedule');
    await page.locator('.hint', { hasText: 'At 06:00' }).waitFor();
    await actions.click('Add');
    await page.locator('.trigger-list').getByText('schedule').waitFor();

    const [fn] = (await callApi<{ data: { id: string }[] }>(opened, '/functions')).data;
    await callApi(opened, `/functions/${fn?.id}/runs`, { order: { id: 81 } });

    await actions.click('Runs', 'link');
    await see(page, page.getByRole('link', { name: 'Failed', exact: true }));
    await actions.click('Failed', 'link');
    await see(page, page.getByRole('heading', { name: /TypeError at index\.js:3/ }));
    assert.match((await page.locator('.source .marked').textContent()) ?? '', /order\.price\.amount/);

    await actions.click('Open in editor', 'link');
    await see(page, page.locator('.view-lines'));
    await actions.retypeLine(MENDED_LINE);
    await actions.press('Control+s');
    await actions.click('Deploy');
    await actions.click('Replay that run with the new version');
    await page.getByRole('link', { name: 'Replayed: see the new run' }).waitFor();
    assert.ok(actions.done.length <= MOST_ACTIONS, `${actions.done.length}: ${actions.done.join(', ')}`);

    await actions.click('Replayed: see the new run', 'link');
    await see(page, page.getByRole('heading', { name: /Succeeded/ }));
    assert.deepEqual(broken, []);
  });

  test('finds a draft again that was typed and not deployed', async () => {
    const { page, actions } = opened;
    const [fn] = (await callApi<{ data: { id: string }[] }>(opened, '/functions')).data;
    const account = new URL(page.url()).pathname.split('/')[1];
    const address = `${opened.url}/${account}/live/functions/${fn?.id}`;
    await visit(page, address, page.locator('.view-lines'));
    await see(page, page.locator('.view-lines'));
    await actions.paste('exports.handler = async () => "a draft";');
    await page.getByText(/^Draft/).waitFor();
    await visit(page, address, page.locator('.view-lines').getByText('a draft'));
    await page.getByText(/^Draft from/).waitFor();
  });
});
