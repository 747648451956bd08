// The manual at /docs, as the console's host serves it: every page of docs/ is there, every link leads to a
// place that exists, nothing of another host is loaded and no script stands in a page; it is searched in the
// browser, usable without sight or mouse, light and dark, wide and narrow.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { longTest } from '../long-test.ts';
import { noJails } from '../promises/start-millrace.ts';
import { type Console, openConsole, visit } from './open-console.ts';

const skip = noJails();
const DOCS = path.resolve(import.meta.dirname, '../../../docs');

let opened: Console;
const pages = new Map<string, string>();

before(async () => {
  if (skip !== false) return;
  opened = await openConsole();
  const files = readdirSync(DOCS, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md'),
  );
  const addresses = files.map((file) => `/docs/${file.replace(/(\/?README)?\.md$/, '')}`);
  for (const address of ['/docs', '/docs/api-reference', ...addresses]) {
    const { status, body, headers } = await get(address);
    assert.equal(status, 200, address);
    assert.match(
      String(headers['content-security-policy']),
      /default-src 'none'; script-src 'self'; style-src 'self'/,
    );
    pages.set(address, body);
  }
});
after(() => opened?.close());

type Answer = { status: number; headers: http.IncomingHttpHeaders; body: string };

/** By the name of this machine: not every resolver knows names below localhost. */
function get(address: string, host = new URL(opened.url).host): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.get(`${opened.millrace.url}${address}`, { headers: { host } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part) => {
        body += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    request.on('error', reject);
  });
}

const idsOf = (page: string): Set<string> =>
  new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id));

describe('the manual', { skip }, () => {
  it('leads from every link to a place that is there', async () => {
    const broken: string[] = [];
    const files = new Set<string>();
    for (const [address, page] of pages) {
      for (const [, kind, target = ''] of page.matchAll(/ (href|src)="([^"]+)"/g)) {
        if (/^(https?|mailto):/.test(target) && kind === 'href') continue;
        const { pathname, hash } = new URL(target, `http://docs.example${address}`);
        if (pathname === '/') continue;
        const there = pages.get(pathname);
        if (there === undefined) files.add(pathname);
        else if (hash !== '' && !idsOf(there).has(decodeURIComponent(hash.slice(1))))
          broken.push(`${address}: ${target}`);
      }
    }
    for (const file of files) if ((await get(file)).status !== 200) broken.push(file);
    assert.deepEqual(broken, []);
    assert.ok(pages.size > 60, String(pages.size));
  });

  it('has no script, style or handler inside of a page', () => {
    for (const [address, page] of pages) {
      assert.doesNotMatch(
        page,
        /<script(?![^>]* src="\/docs\/assets\/)|<style| style="| on[a-z]+="/,
        address,
      );
    }
  });

  it('says so where there is no such page, and is found from the address of the API', async () => {
    const missing = await get('/docs/nothing-of-this-name');
    assert.equal(missing.status, 404);
    assert.match(missing.body, /There is no such page/);
    const led = await get('/docs/cli', new URL(opened.millrace.url).host);
    assert.deepEqual([led.status, led.headers.location], [307, `${opened.url}/docs/cli`]);
  });

  it('finds a text in the browser, and shows the API as this server has it', async () => {
    const { page, url } = opened;
    await visit(page, `${url}/docs`, page.getByRole('heading', { level: 1 }));
    await page.keyboard.press('/');
    await page.keyboard.type('master key');
    await page
      .getByRole('link', { name: /The master key/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/master-key/);
    await visit(
      page,
      `${url}/docs/api-reference`,
      page.getByRole('heading', { name: 'GET /runs/{id}', exact: true }),
    );
  });

  longTest('can be read by everybody, light and dark, wide and narrow', async () => {
    const { page, url } = opened;
    for (const [address, heading] of [
      ['/docs', 'Millrace'],
      ['/docs/cli', 'The command line'],
    ] as const) {
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const width of [1280, 360]) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 740 });
          await visit(
            page,
            `${url}${address}`,
            page.getByRole('heading', { level: 1, name: new RegExp(heading) }),
          );
          const { violations } = await new AxeBuilder({ page }).analyze();
          const where = `${address} ${colorScheme} ${width}`;
          assert.deepEqual(
            violations.map(({ id, nodes }) => [id, nodes[0]?.html]),
            [],
            where,
          );
          const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
          assert.ok(wide <= width, `${where}: ${wide}`);
        }
      }
    }
    assert.deepEqual(opened.broken, []);
  });
});
