// Whom a run and an account have called, and which runs belong together, in the console: by the run's page,
// the account's, and a trace. In Debian's Chromium, through the public doors.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { noJails } from '../promises/start-millrace.ts';
import { type Console, callApi, openConsole, see, setUp, visit } from './open-console.ts';

const skip = noJails();
const CODE = "exports.handler = () => fetch('http://10.1.2.3/').then(() => 'reached', () => 'refused');";
const TRACE = '0af7651916cd43dd8448eb211c80319c';

let opened: Console;
let base: string;
let traced: string;
let other: string;

before(async () => {
  if (skip !== false) return;
  opened = await openConsole();
  await setUp(opened);
  base = `${opened.url}/${new URL(opened.page.url()).pathname.split('/')[1]}/live`;
  const { id } = await callApi<{ id: string }>(opened, '/functions', {
    ...{ name: 'caller', code: { inline: CODE } },
  });
  const start = async (headers: Record<string, string>) =>
    (await callApi<{ run: { id: string } }>(opened, `/functions/${id}/runs`, {}, headers)).run.id;
  traced = await start({ traceparent: `00-${TRACE}-b7ad6b7169203331-01` });
  other = await start({ 'x-request-id': 'of-a-caller' });
});
after(() => opened?.close());

describe("a run's page", { skip }, () => {
  test('shows whom it has called, and what was refused', async () => {
    const { page, actions } = opened;
    await visit(page, `${base}/runs/${traced}`, page.getByRole('link', { name: 'Outgoing calls' }));
    await actions.click('Outgoing calls', 'link');
    await see(page, page.getByRole('cell', { name: '10.1.2.3:80' }));
    await page.getByRole('cell', { name: /^Refused/ }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('tab'), 'calls');
  });

  test('copies its trace, and leads to the runs of it alone', async () => {
    const { page, actions } = opened;
    await actions.click('Copy trace');
    await page.getByText('Copied', { exact: true }).waitFor();
    assert.equal(await page.evaluate<string>('navigator.clipboard.readText()'), TRACE);
    await actions.click(TRACE, 'link');
    await onlyRun(traced);
  });
});

describe("the account's page of calls", { skip }, () => {
  test('shows destinations by day and function, filtered, and as a file of all of them', async () => {
    const { page, actions } = opened;
    await visit(page, `${base}/calls`, page.getByRole('cell', { name: '10.1.2.3:80' }));
    await page.getByRole('cell', { name: 'Refused' }).waitFor();
    await page.getByRole('row').getByRole('link', { name: 'caller' }).waitFor();
    const download = page.waitForEvent('download');
    await actions.click('Download CSV');
    const [head, ...rows] = readFileSync(await (await download).path(), 'utf8')
      .trim()
      .split('\r\n');
    assert.match(head ?? '', /^date,function_id,verdict,/);
    assert.ok(rows.length > 0 && rows.every((row) => row.includes(',refused,tcp,')), rows.join('\n'));
    await page.getByLabel('Outcome').selectOption('allowed');
    await page.getByText('No outgoing calls').waitFor();
    assert.equal(new URL(page.url()).searchParams.get('verdict'), 'allowed');
  });
});

describe('the list of runs', { skip }, () => {
  test('finds those that a request has caused, by its id', async () => {
    const { page } = opened;
    const q = encodeURIComponent('request:of-a-caller');
    await visit(page, `${base}/runs?q=${q}`, page.getByRole('link', { name: 'Succeeded' }));
    await onlyRun(other);
  });
});

async function onlyRun(id: string): Promise<void> {
  const { page } = opened;
  const link = page.locator('main').getByRole('link', { name: 'Succeeded' });
  await see(page, link);
  await page.getByText('That is all: 1 run.').waitFor();
  assert.equal(await link.count(), 1);
  assert.match((await link.getAttribute('href')) ?? '', new RegExp(id));
}
