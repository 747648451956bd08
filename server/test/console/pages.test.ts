// Every page of the console in light and dark, wide and narrow: usable without sight or mouse as far as axe
// can see it, drawn without a report of the content security policy, and never wider than the window. Names,
// outputs and log lines that are full of markup stay text. What a first page loads is bounded.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import axe, { type AxeResults } from 'axe-core';
import { RUNS_ALL } from '../long-test.ts';
import { noJails } from '../promises/start-millrace.ts';
import { type Console, callApi, openConsole, sendApi, setUp, visit } from './open-console.ts';

const skip = noJails();
/** Of scripts and styles as they are sent, compressed. */
const FIRST_LOAD_BYTES = 200 * 1024;
const MARKUP = '<img src=x onerror="document.title=1"><b>bold</b>';
const NARROW = { width: 360, height: 740 };
const WIDE = { width: 1280, height: 800 };
/** Where pictures of all pages are kept, if that is asked for. */
const PICTURES = process.env.MILLRACE_TEST_PICTURES;

let opened: Console;
let base: string;
let fn: string;
let run: string;
let other: string;
let group: string;
let flow: string;
let template: string;
let caller: string;
let account: string;

before(async () => {
  if (skip !== false) return;
  opened = await openConsole();
  await setUp(opened);
  account = new URL(opened.page.url()).pathname.split('/')[1] ?? '';
  base = `${opened.url}/${account}`;
  const code = `exports.handler = async (event) => {
  for (let line = 0; line < 400; line += 1) console.log(line, ${JSON.stringify(MARKUP)});
  if (event.data.fails) throw new Error(${JSON.stringify(MARKUP)});
  return ${JSON.stringify(MARKUP)};
};`;
  fn = (await callApi<{ id: string }>(opened, '/functions', { name: MARKUP, code: { inline: code } })).id;
  other = (await callApi<{ run: { id: string } }>(opened, `/functions/${fn}/runs`, {})).run.id;
  run = (await callApi<{ run: { id: string } }>(opened, `/functions/${fn}/runs`, { fails: true })).run.id;
  await callApi(opened, '/triggers', {
    ...{
      function_id: fn,
      kind: 'schedule',
      settings: { cron: '0 8 * * MON-FRI', time_zone: 'Europe/Berlin' },
    },
  });
  await callApi(opened, '/triggers', { function_id: fn, kind: 'webhook' });
  await sendApi(opened, 'PATCH', `/functions/${fn}`, { retry: { delays_s: [1], jitter: 0 } });
  await callApi(opened, `/functions/${fn}/runs`, { fails: true }, { prefer: 'respond-async' });
  group = (await callApi<{ data: { id: string }[] }>(opened, '/errors')).data[0]?.id ?? '';
  await fillRooms();
  caller = await callOut();
});

/** @returns a run that was kept from an address */
async function callOut(): Promise<string> {
  const code = {
    inline: "exports.handler = () => fetch('http://10.1.2.3/').then(() => 'reached', () => 'refused');",
  };
  const { id } = await callApi<{ id: string }>(opened, '/functions', { name: 'caller', code });
  return (await callApi<{ run: { id: string } }>(opened, `/functions/${id}/runs`, {})).run.id;
}

/** Something in every room, full of markup where a person names it. */
async function fillRooms(): Promise<void> {
  await callApi(opened, '/event-types', { name: 'parcel.lost', description: MARKUP });
  await callApi(opened, '/subscriptions', {
    ...{ event_type: 'order:created', destination: 'http://127.0.0.1:1/', description: MARKUP },
  });
  await callApi(opened, '/events', {
    ...{ id: 'order-1', type: 'order:created', item_id: 'OR1', data: { name: MARKUP } },
  });
  await callApi(opened, '/function-values', { name: 'SHOP', value: MARKUP, description: MARKUP });
  await callApi(opened, '/key-values', { key: 'last_order', value: MARKUP });
  await callApi(opened, '/domains', { domain: 'shop.example.com' });
  const made = await callApi<{ id: string }>(opened, '/flows', {
    ...{ name: 'Welcome', description: MARKUP, kind: 'customer_lifecycle', starts: ['customer.created'] },
    nodes: [
      { id: 'start', type: 'start', next: 'wait' },
      { id: 'wait', type: 'wait', delay_s: 60, next: 'run' },
      { id: 'run', type: 'function', function_id: fn, branches: [], on_error: 'wait' },
    ],
  });
  flow = made.id;
  const mail = await callApi<{ id: string }>(opened, '/email-templates', {
    ...{ name: 'Greeting', template_subject: MARKUP, template_to: ['{{ item_details.email }}'] },
    ...{
      template_html: `${MARKUP}<script>top.document.title = '1'</script>`,
      template_trigger: 'api_direct',
    },
  });
  template = mail.id;
  await callApi(opened, '/queries', {
    ...{ name: MARKUP, source: { kind: 'runs' }, metrics: [{ function: 'count' }] },
  });
}
after(() => opened?.close());

/** Addresses below account and mode, and what is there once the page is. */
const PAGES = () =>
  [
    ['overview', '/live', 'heading:needs a look'],
    ['functions', '/live/functions', 'link:bold'],
    ['new-function', '/live/functions?new=true', 'button:Create function'],
    ['import', '/live/functions/import', 'button:Choose a file'],
    ['code', `/live/functions/${fn}`, 'button:Deploy…'],
    ['triggers', `/live/functions/${fn}/triggers`, 'button:Copy address'],
    ['function-runs', `/live/functions/${fn}/runs`, 'link:Failed'],
    ['numbers', `/live/functions/${fn}/numbers`, 'heading:Durations'],
    ['variables', `/live/functions/${fn}/variables`, 'button:Add variable'],
    ['packages', `/live/functions/${fn}/packages`, 'button:Install'],
    ['versions', `/live/functions/${fn}/versions`, 'columnheader:Version'],
    ['settings', `/live/functions/${fn}/settings`, 'button:Save'],
    ['runs', '/live/runs?q=status%3Abad', 'button:Replay all of them'],
    ['run', `/live/runs/${run}`, 'heading:Failed'],
    ['run-log', `/live/runs/${run}?tab=log`, 'button:Download'],
    ['run-calls', `/live/runs/${caller}?tab=calls`, 'cell:Refused'],
    ['runs-text', '/live/runs?q=bold', 'link:Failed'],
    ['errors', '/live/runs/errors', 'link:Error'],
    ['error-group', `/live/runs/errors/${group}`, 'link:Fix in the editor'],
    ['dead-letters', '/live/runs/dead-letters', 'button:Run all again'],
    ['compare', `/live/runs/${run}/compare/${other}`, 'rowheader:Memory peak'],
    ['account-numbers', '/live/numbers', 'heading:Durations'],
    ['events', '/live/events', 'link:Routed'],
    ['event', '/live/events/one/order-1', 'heading:order:created'],
    ['event-types', '/live/events/types', 'link:parcel.lost'],
    ['subscriptions', '/live/events/subscriptions', 'button:Send a test'],
    ['deliveries', '/live/events/deliveries', 'columnheader:Tries'],
    ['schedules', '/live/schedules', 'heading:Try an expression'],
    ['values', '/live/values', 'button:Open last_order'],
    ['usage', '/live/usage', 'cell:Sum'],
    ['calls', '/live/calls', 'cell:Refused'],
    ['sites', '/live/sites', 'cell:shop.example.com'],
    ['account-settings', '/live/settings', 'heading:Mail servers'],
    ['flows', '/live/sources', 'link:Welcome'],
    ['flow', `/live/sources/flows/${flow}`, 'heading:What went through it'],
    ['templates', '/live/sources/templates', 'link:Greeting'],
    ['template', `/live/sources/templates/${template}`, 'heading:Its latest mails'],
    ['queries', '/live/sources/queries', 'button:Run now'],
    ['accounts', '/live/operator/accounts', 'link:Active'],
    ['account', `/live/operator/accounts/${account}`, 'button:Portal link'],
    ['platform', '/live/operator/platform', 'heading:Runtimes'],
    ['people', '/live/people', 'cell:ann@example.com'],
    ['audit', '/live/audit', 'columnheader:What'],
    ['you', '/live/you', 'button:Add passkey'],
    ['test-mode', '/test/functions', 'button:New function'],
    ['missing', '/live/functions/nothing', 'alert:'],
  ] as const;

async function openPage(address: string, sign: string): Promise<void> {
  const [role = '', name = ''] = sign.split(':');
  const options = name === '' ? {} : { name: new RegExp(name) };
  await visit(opened.page, base + address, opened.page.getByRole(role as 'button', options));
}

/** By axe itself, in the page: its builder opens another page for each look, and waits for ever for an answer
 * of a frame that runs no script, as a mail's. */
async function violations(rule?: string): Promise<string[]> {
  const { page } = opened;
  await page.evaluate(`if (window.axe === undefined) { ${axe.source} }; undefined`);
  // The editor's own inside is not ours, and is used by its own keys.
  const options = {
    iframes: false,
    resultTypes: ['violations'],
    ...(rule === undefined ? {} : { runOnly: [rule] }),
  };
  const { violations: found } = await page.evaluate<AxeResults>(
    `axe.run({ exclude: [['.monaco-editor']] }, ${JSON.stringify(options)})`,
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
}

/** @returns what sticks out of a narrow window once charts have their new width, or null */
async function overflow(): Promise<string | null> {
  const fits = `document.documentElement.scrollWidth <= ${NARROW.width}`;
  const waited = opened.page.waitForFunction(fits, undefined, { timeout: 5_000 });
  if (
    await waited.then(
      () => true,
      () => false,
    )
  )
    return null;
  return opened.page.evaluate<string>(`[...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > ${NARROW.width})
    .map((one) => one.outerHTML.slice(0, 120)).slice(0, 5).join(' | ')`);
}

async function picture(name: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  await opened.page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
}

describe('the pages of the console', { skip }, () => {
  // Each is opened once, and looked at in every way: what is dear is opening it.
  for (const [name] of PAGES().filter((_, at) => RUNS_ALL || at % 3 === 0))
    test(`${name}: no fault that axe finds, light and dark; markup is text; 360 pixels are enough`, async () => {
      const { page } = opened;
      const [, address, sign] = PAGES().find(([one]) => one === name) ?? assert.fail();
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(WIDE);
      await openPage(address, sign);
      assert.notEqual(await page.title(), '1');
      assert.deepEqual(await violations(), []);
      assert.equal(await page.locator('main img, main b:has-text("bold")').count(), 0);
      await picture(`${name}-light`);
      await page.emulateMedia({ colorScheme: 'dark' });
      assert.deepEqual(await violations('color-contrast'), []);
      await picture(`${name}-dark`);
      await page.setViewportSize(NARROW);
      assert.equal(await overflow(), null);
      await page.emulateMedia({ colorScheme: 'light' });
      await picture(`${name}-narrow`);
    });

  test('show markup in log lines as text', async () => {
    await opened.page.setViewportSize(WIDE);
    await openPage(`/live/runs/${run}?tab=log`, 'button:Download');
    assert.match((await opened.page.locator('.log').textContent()) ?? '', /<b>bold<\/b>/);
  });

  test('report nothing against the content security policy, and break nowhere', () => {
    assert.deepEqual(opened.broken, []);
  });

  test('load at most 200 KB of scripts and styles at first', async () => {
    const { page } = opened;
    const loaded = new Map<string, number>();
    page.on('response', (response) => {
      const length = Number(response.headers()['content-length'] ?? 0);
      if (/\.(js|css)$/.test(new URL(response.url()).pathname)) loaded.set(response.url(), length);
    });
    await page.context().clearCookies();
    await visit(page, `${opened.url}/sign-in`, page.getByRole('button', { name: 'Sign in' }));
    const bytes = [...loaded.values()].reduce((sum, one) => sum + one, 0);
    assert.ok(loaded.size > 0 && bytes > 0);
    assert.ok(bytes <= FIRST_LOAD_BYTES, `${bytes} bytes: ${JSON.stringify([...loaded])}`);
  });
});
