// A vendor shows Millrace inside their own product: a link becomes a portal in a frame, in the product's
// look, with the features that it names and nothing else; pages of others can't frame it. Through the public
// doors.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { noJails } from '../promises/start-millrace.ts';
import { type Console, callApi, openConsole, visit } from './open-console.ts';

const skip = noJails();
const ACCENT = '#336699';

let product: Server;
let opened: Console;
let account: string;
let shown: string;
let hidden: string;
/** What the product's page frames. */
let framed = '';

before(async () => {
  if (skip !== false) return;
  product = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(
      `<!doctype html><title>A product</title><h1>A product</h1>
       <iframe title="Functions" src="${framed}" width="1100" height="700"></iframe>`,
    );
  });
  await new Promise<void>((listening) => product.listen(0, '127.0.0.1', listening));
  opened = await openConsole({ MILLRACE_PORTAL_ORIGINS: originOf('product') });
  account = (await callApi<{ id: string }>(opened, '/operator/accounts', { external_id: 'merchant' })).id;
  const permissions = [{ resource: '*', methods: ['*'] }];
  const { token } = await callApi<{ token: string }>(opened, `/operator/accounts/${account}/tokens`, {
    permissions,
  });
  const merchant = { ...opened, millrace: { ...opened.millrace, token } };
  const make = async (name: string): Promise<string> => {
    const code = { inline: 'exports.handler = async () => "of the vendor";' };
    return (await callApi<{ id: string }>(merchant, '/functions', { name, code })).id;
  };
  shown = await make('shown to merchants');
  hidden = await make('hidden');
  await callApi(merchant, `/functions/${shown}/runs`, {});
});
after(async () => {
  await opened?.close();
  product?.close();
});

function originOf(name: string): string {
  return `http://${name}.localhost:${(product.address() as AddressInfo).port}`;
}

async function makeLink(features: object[], further: object = {}): Promise<string> {
  const user = { id: 'merchant-7', name: 'Vera', email: 'vera@merchant.example' };
  const body = { user, role: 'developer', features, ...further };
  return (await callApi<{ url: string }>(opened, `/operator/accounts/${account}/portal-links`, body)).url;
}

/** Opens the product's page. A link opens once, so one whose page didn't come is made anew. */
async function openProduct(
  features: object[],
  sign: (frame: FrameLocator) => ReturnType<FrameLocator['locator']>,
) {
  const { page } = opened;
  const frame = page.frameLocator('iframe');
  const theme = { accent: ACCENT, radius: '0px', font: 'Georgia' };
  for (let left = 6; ; left -= 1) {
    framed = await makeLink(features, { theme, return_url: `${originOf('product')}/back` });
    try {
      await visit(page, originOf('product'), page.getByRole('heading', { name: 'A product' }));
      await sign(frame).first().waitFor({ timeout: 8_000 });
      return frame;
    } catch (error) {
      if (left <= 1) throw error;
    }
  }
}

describe('a vendor', { skip }, () => {
  test('lets a merchant edit, run and deploy inside the product, in its look', async () => {
    const { page, broken } = opened;
    await page.setViewportSize({ width: 1200, height: 800 });
    const of = (feature: string) => ({ feature, function_id: shown });
    const frame = await openProduct([of('code'), of('runs'), of('variables')], (one) =>
      one.locator('.view-lines'),
    );
    assert.deepEqual(await frame.locator('.function-tabs a').allTextContents(), [
      'Code',
      'Runs',
      'Variables',
      'Packages',
      'Versions',
    ]);
    const inside = page.frames().find((one) => one.url().includes('/portal/'));
    const look = await inside?.evaluate<string[]>(`['--accent', '--radius'].map((name) =>
      getComputedStyle(document.documentElement).getPropertyValue(name))`);
    const [accent, radius] = look ?? [];
    assert.deepEqual([accent, radius], [ACCENT, '0px']);
    assert.equal(await frame.getByRole('link', { name: 'Back' }).getAttribute('target'), '_top');
    await frame.locator('.code-editor .view-lines').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('exports.handler = async () => "of the merchant";');
    await page.keyboard.press('Control+Enter');
    await frame.locator('.test-panel').getByText('of the merchant').waitFor();
    await page.keyboard.press('Control+s');
    await frame.getByRole('button', { name: 'Deploy', exact: true }).click();
    await frame.getByText('Version 2 is live').waitFor();
    await frame.getByRole('link', { name: 'Runs' }).first().click();
    await frame.getByRole('link', { name: 'Succeeded' }).first().waitFor();
    assert.deepEqual(broken, []);
  });

  test('shows nothing that the link doesn’t name, whatever the address', async () => {
    const frame = await openProduct([{ feature: 'runs', function_id: shown }], (one) =>
      one.getByRole('link', { name: 'Succeeded' }),
    );
    assert.deepEqual(await frame.locator('.function-tabs a').allTextContents(), ['Runs']);
    const inside = opened.page.frames().find((one) => one.url().includes('/portal/'));
    const base = `${opened.url}/portal/${account}/live/functions`;
    for (const address of [`${base}/${shown}`, `${base}/${shown}/triggers`, `${base}/${hidden}/runs`]) {
      // Within the page: browsers keep nothing for frames of other sites, the token goes with the page.
      await inside?.evaluate(`history.pushState(null, '', ${JSON.stringify(address)});
        dispatchEvent(new PopStateEvent('popstate'))`);
      await inside?.waitForURL(address);
      await frame.getByText('You may not see this').first().waitFor();
    }
  });

  test('is asked for a new link where a portal is over or a link was opened before', async () => {
    const { page } = opened;
    await visit(page, framed, page.getByRole('heading', { name: 'This portal is over' }));
  });

  test('is the only one whose pages frame it', async () => {
    const { page } = opened;
    framed = await makeLink([{ feature: 'runs' }]);
    await visit(page, originOf('another'), page.getByRole('heading', { name: 'A product' }));
    const frames = page.frames().map((one) => one.url());
    assert.equal(frames.filter((url) => url.includes('/portal')).length, 0, frames.join(', '));
    framed = `${opened.url}/sign-in`;
    await visit(page, originOf('product'), page.getByRole('heading', { name: 'A product' }));
    assert.ok(!page.frames().some((one) => one.url().includes('/sign-in')));
  });
});
