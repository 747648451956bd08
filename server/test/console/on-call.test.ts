// One on call, with ninety seconds: from the overview to what failed, why, and all of it run again; new runs
// and log lines come in by themselves, also after the connection was lost; a list of thousands stays quick.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { noJails } from '../promises/start-millrace.ts';
import { type Console, callApi, openConsole, see, sendApi, setUp, visit } from './open-console.ts';

const skip = noJails();
const MOST_ACTIONS = 10;
const FAILED = 200;
const STARTED_TOGETHER = 10;
/** A busy machine runs two hundred functions slowly. ms */
const PATIENCE_MS = 120_000;

const BROKEN = `exports.handler = async ({ data }) => {
  console.log('order', data.id);
  if (data.id !== undefined) throw new TypeError('no price of order ' + data.id);
};`;
const MENDED = `exports.handler = async ({ data }) => {
  for (let line = 0; data.lines !== undefined && line < data.lines; line += 1) {
    console.log('line', line);
    if (line % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return data.id;
};`;

let opened: Console;
let fn: string;
let base: string;

type Numbers = { data: { runs: { total: number } }[] };

before(async () => {
  if (skip !== false) return;
  opened = await openConsole();
  await setUp(opened);
  base = `${opened.url}/${new URL(opened.page.url()).pathname.split('/')[1]}/live`;
  fn = (await callApi<{ id: string }>(opened, '/functions', { name: 'import', code: { inline: BROKEN } })).id;
  for (let from = 0; from < FAILED; from += STARTED_TOGETHER)
    await Promise.all(Array.from({ length: STARTED_TOGETHER }, (_, at) => start({ id: from + at })));
  await until(async () => {
    const { data } = await callApi<Numbers>(opened, `/metrics/runs?step=1d&function_id=${fn}`);
    return data.reduce((sum, day) => sum + day.runs.total, 0) >= FAILED;
  });
});
after(() => opened?.close());

const start = (data: object) =>
  callApi<{ id: string }>(opened, `/functions/${fn}/runs`, data, { prefer: 'respond-async' });

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await isSo()); )
    if (Date.now() > end) throw new Error('it did not become so');
}

const shown = (locator: Locator) => locator.first().waitFor({ timeout: PATIENCE_MS });

describe('one on call', { skip }, () => {
  test('gets from the overview to 200 failed runs that are run again in 10 actions', async () => {
    const { page, actions } = opened;
    await visit(page, base, page.getByRole('heading', { name: '1 function needs a look' }));
    const begun = actions.done.length;
    await actions.click('Show failed runs', 'link');
    await see(page, page.getByRole('columnheader', { name: 'What happened' }));
    await actions.click('Errors', 'link');
    await see(page, page.getByRole('link', { name: 'TypeError no price of order <n>' }));
    await actions.click('TypeError no price of order <n>', 'link');
    await see(page, page.getByRole('heading', { name: 'TypeError: no price of order <n>' }));
    assert.match((await page.locator('.sentence').textContent()) ?? '', /200 times in import, version 1/);

    await sendApi(opened, 'PUT', `/functions/${fn}/code`, { files: { 'index.js': MENDED } });
    await actions.click('Replay all of them');
    await page.getByText('Replay: begins in 5 seconds.').waitFor();
    await actions.click('Undo');
    await actions.click('Replay all of them');
    await shown(page.getByText('Replay: 200 done, 0 skipped.'));
    const taken = actions.done.length - begun;
    assert.ok(taken <= MOST_ACTIONS, `${taken}: ${actions.done.slice(begun).join(', ')}`);
    await until(async () => {
      const { data } = await callApi<Numbers>(opened, `/metrics/runs?step=1d&function_id=${fn}`);
      return data.reduce((sum, day) => sum + day.runs.total, 0) === 2 * FAILED;
    });
  });

  test('sees runs come in by themselves, and is told while the stream is lost', async () => {
    const { page } = opened;
    await visit(page, `${base}/runs?q=status%3Asucceeded`, page.locator('[data-row]'));
    const row = (id: string) => page.locator(`a[href*="${id}"]`);
    await shown(row((await start({})).id));
    await page.context().setOffline(true);
    await shown(page.getByText('The live stream is lost.'));
    const { id } = await start({});
    await page.context().setOffline(false);
    await shown(row(id));
    await page.getByText('The live stream is lost.').waitFor({ state: 'detached', timeout: PATIENCE_MS });
  });

  test('reads what comes in without being moved', async () => {
    const { page, actions } = opened;
    await visit(page, `${base}/runs`, page.locator('[data-row]'));
    await page.getByRole('checkbox').first().check();
    const first = await page.locator('[data-row]').first().getAttribute('href');
    const { id } = await start({});
    await shown(page.getByRole('button', { name: '1 new' }));
    assert.equal(await page.locator('[data-row]').first().getAttribute('href'), first);
    await actions.click('1 new');
    await shown(page.locator(`a[href*="${id}"]`));
  });

  test('goes through all of a list while few rows are drawn', async () => {
    const { page } = opened;
    await visit(page, `${base}/runs`, page.locator('[data-row]'));
    const end = page.getByText(/^That is all: \d+ runs\./);
    await until(async () => {
      await page.keyboard.press('End');
      assert.ok((await page.locator('[data-row]').count()) < 100);
      return await end.isVisible();
    });
    const count = Number(/\d+/.exec((await end.textContent()) ?? '')?.[0]);
    assert.ok(count >= 2 * FAILED, String(count));
  });

  test('follows a log as it is printed, without a second time stamp', async () => {
    const { page } = opened;
    const { id } = await start({ lines: 250 });
    await visit(page, `${base}/runs/${id}?tab=log`, page.locator('.log'));
    await shown(page.getByText('line 249', { exact: true }));
    const [line] = await page.locator('.log .line.stdout').allTextContents();
    assert.match(line ?? '', /^\d\d:\d\d:\d\d\.\d{3}line \d+$/);
  });

  test('finds runs by a text of their logs, and compares two', async () => {
    const { page, actions } = opened;
    await visit(page, `${base}/runs?q=%22order+199%22`, page.locator('[data-row]'));
    await shown(page.locator('.found-line', { hasText: 'order 199' }));
    await visit(page, `${base}/runs`, page.locator('[data-row]'));
    for (const at of [0, 1]) await page.getByRole('checkbox').nth(at).check();
    await actions.click('Compare', 'link');
    await see(page, page.getByRole('heading', { name: 'Two runs compared' }));
    await page.getByRole('rowheader', { name: 'Memory peak' }).waitFor();
    assert.deepEqual(opened.broken, []);
  });
});
