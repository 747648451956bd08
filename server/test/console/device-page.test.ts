// A terminal signed in by a person in a real browser: the page shows who asks, is usable by everybody, and
// the terminal gets its token once it is confirmed.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { noJails } from '../promises/start-millrace.ts';
import { type Console, openConsole, setUp, visit } from './open-console.ts';

const skip = noJails();
let opened: Console;

before(async () => {
  if (skip !== false) return;
  opened = await openConsole();
  await setUp(opened);
});
after(() => opened?.close());

async function ask<Answer>(path: string, body: object): Promise<Answer> {
  const answer = await fetch(`${opened.millrace.url}/millrace/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Answer;
}

async function requireUsable(where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: opened.page }).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => [id, nodes[0]?.html]),
    [],
    where,
  );
  const wide = await opened.page.evaluate<number>('document.documentElement.scrollWidth');
  assert.ok(wide <= 360, `${where}: ${wide}`);
}

describe('the page that signs a terminal in', { skip }, () => {
  it('shows who asks, and lets it in once that is confirmed', async () => {
    const { page, url } = opened;
    type Begun = { device_code: string; user_code: string; verification_uri_complete: string };
    const begun = await ask<Begun>('/device-authorizations', { client: '<b>laptop</b>' });
    assert.equal(begun.verification_uri_complete, `${url}/device#${begun.user_code}`);
    await page.setViewportSize({ width: 360, height: 740 });
    await visit(page, begun.verification_uri_complete, page.getByLabel('Code'));
    await requireUsable('code');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('<b>laptop</b>').waitFor();
    await requireUsable('confirm');
    await page.getByRole('button', { name: 'Let it sign in' }).click();
    await page.getByRole('heading', { name: 'The terminal is signed in' }).waitFor();
    type Taken = { status: string; token: string };
    const { status, token } = await ask<Taken>('/device-authorizations/token', {
      device_code: begun.device_code,
    });
    assert.equal(status, 'approved');
    const caller = await fetch(`${opened.millrace.url}/millrace/v1/caller`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(caller.status, 200);
    assert.deepEqual(opened.broken, []);
  });
});
