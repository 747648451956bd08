// How people get in: passkeys, by an authenticator that Chromium has of its own, a second factor, the
// operator's provider; sessions seen and ended by the one whose they are. Through the public doors.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { ConsoleClient } from '../promises/console-client.ts';
import { CLIENT_ID, CLIENT_SECRET, openProvider, type Provider } from '../promises/open-provider.ts';
import { freePort, noJails } from '../promises/start-millrace.ts';
import { type Console, EMAIL, openConsole, PASSWORD, see, setUp, visit } from './open-console.ts';

const skip = noJails();

let provider: Provider;
let opened: Console;
let base: string;

before(async () => {
  if (skip !== false) return;
  const port = await freePort();
  provider = await openProvider(`http://console.localhost:${port}/millrace/v1/session/openid/return`);
  opened = await openConsole({
    ...{ MILLRACE_PORT: String(port), MILLRACE_OPENID_ISSUER: provider.url },
    ...{ MILLRACE_OPENID_CLIENT_ID: CLIENT_ID, MILLRACE_OPENID_CLIENT_SECRET: CLIENT_SECRET },
    MILLRACE_OPENID_ROLES: 'staff=operator',
  });
  await setUp(opened);
  base = `${opened.url}/${new URL(opened.page.url()).pathname.split('/')[1]}/live`;
});
after(async () => {
  await opened?.close();
  provider?.close();
});

/** Of Chromium's own: resident keys, and the person is always there. */
async function addAuthenticator(): Promise<void> {
  const { page, browser } = opened;
  const devtools = await browser.context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
      ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
}

async function signOut(): Promise<void> {
  const { page, actions } = opened;
  await page.locator('.account-button').click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await see(page, page.getByRole('button', { name: 'Sign in', exact: true }));
  actions.done.push('sign out');
}

async function openYou(): Promise<void> {
  await visit(opened.page, `${base}/you`, opened.page.getByRole('button', { name: 'Add passkey' }));
}

const isIn = () => see(opened.page, opened.page.getByRole('navigation', { name: 'Menu' }));

/** RFC 6238, as an authenticator app has it. */
function codeAt(secret: string, nowMs: number): string {
  const bits = [...secret].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(nowMs / 30_000)));
  const hmac = createHmac('sha1', Buffer.from(bytes.map((one) => Number.parseInt(one, 2)))).update(counter);
  const hash = hmac.digest();
  const at = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

describe('a person', { skip }, () => {
  test('adds a passkey and signs in by it, without a password', async () => {
    const { page, actions } = opened;
    await addAuthenticator();
    await openYou();
    await actions.click('Add passkey');
    await actions.fill('Name of the passkey', 'laptop');
    await page.locator('section', { hasText: 'Passkeys' }).getByLabel('Your password').first().fill('not it');
    await page.getByRole('button', { name: 'Add passkey' }).click();
    await page.getByText('This is not your password').waitFor();
    await page.getByLabel('Your password').first().fill(PASSWORD);
    await page.getByRole('button', { name: 'Add passkey' }).click();
    await page.getByRole('cell', { name: 'laptop' }).waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      violations.map(({ id }) => id),
      [],
    );
    await signOut();
    await actions.click('Sign in with a passkey');
    await isIn();
    await openYou();
    await page.getByRole('row', { name: /passkey.*this one/ }).waitFor();
  });

  test('sees where they are signed in, and ends all other sessions', async () => {
    const { page, actions } = opened;
    await openYou();
    const rows = page.locator('#sessions ~ .table-wrap tbody tr');
    await rows.getByText('this one').waitFor();
    const elsewhere = new ConsoleClient(opened.millrace);
    const body = { email: EMAIL, password: PASSWORD };
    assert.equal((await elsewhere.request('/session', { method: 'POST', body })).status, 200);
    await openYou();
    await rows.getByRole('button', { name: 'End' }).first().waitFor();
    await actions.click('End all others');
    await rows.getByRole('button', { name: 'End' }).first().waitFor({ state: 'detached' });
    assert.equal(await rows.count(), 1);
  });

  test('is asked for a code once a second factor is set up', async () => {
    const { page, actions } = opened;
    await openYou();
    await page.locator('#second-factor ~ form').getByLabel('Your password').fill(PASSWORD);
    await actions.click('Set up');
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    const secret = (await page.locator('code.address').textContent()) ?? '';
    await actions.fill('Code', codeAt(secret, Date.now()));
    await actions.click('Confirm');
    await page.getByText(/^Recovery codes/).waitFor();
    const [recovery = ''] = await page.locator('.recovery li').allTextContents();
    await signOut();
    await actions.fill('E-mail address', EMAIL);
    await actions.fill('Password', PASSWORD);
    await actions.click('Sign in');
    await actions.fill('Code', recovery);
    await actions.click('Sign in');
    await isIn();
    await openYou();
    await page.getByText('Set up', { exact: true }).waitFor();
  });

  test('signs in by the operator’s provider', async () => {
    const { page, actions } = opened;
    provider.people.set('dora', {
      ...{ email: 'dora@vendor.example', email_verified: true, name: 'Dora', groups: ['staff'] },
    });
    await signOut();
    await actions.click('Sign in by your organisation', 'link');
    await page.locator('input[name=login]').fill('dora');
    await page.locator('input[name=password]').fill('any');
    await page.locator('button[type=submit]').click();
    await page.getByRole('button', { name: /continue/i }).click();
    await isIn();
    await page.locator('.account-button', { hasText: 'Dora' }).waitFor();
  });
});
