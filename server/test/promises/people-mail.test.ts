// Invitations and links for a new password by mail: the installation's own server sends them, to the address
// alone. And a second factor. With a real SMTP server, through the public port only.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { codeOf, stepAt } from '../../src/people/totp.ts';
import { makeAuthority } from '../internet/certificates.ts';
import { ConsoleClient, json } from './console-client.ts';
import { Customer } from './customer.ts';
import { type MailReceiver, openMailReceiver, type ReceivedMail } from './receivers.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  return Buffer.from(
    bits
      .join('')
      .match(/.{8}/g)
      ?.map((byte) => Number.parseInt(byte, 2)) ?? [],
  );
}

describe('mail to people, and their second factor', { skip: noJails() }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-people-'));
  let receiver: MailReceiver;
  let millrace: Millrace;
  let machine: Customer;

  before(async () => {
    chmodSync(folder, 0o755);
    const authority = makeAuthority(folder);
    receiver = await openMailReceiver(authority, { user: 'mill', password: 'pass', secure: true });
    millrace = await startMillrace({
      env: {
        MILLRACE_EXTRA_CA_CERTS: authority.caFile,
        MILLRACE_SMTP_URL: `smtps://mill:pass@localhost:${receiver.port}`,
        MILLRACE_MAIL_FROM: 'Platform <noreply@platform.example>',
      },
    });
    machine = new Customer(millrace);
    // An account's own server is not asked: it would read the links.
    await machine.json(
      '/millrace/v1/smtp_profiles',
      json({
        ...{ name: 'own', host: 'mail.evil.example', sender: 'a@evil.example', is_default: true },
      }),
    );
  });
  after(async () => {
    await millrace?.close();
    await receiver?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const secretIn = (text: string): string =>
    /#([0-9A-Za-z]{43})\b/.exec(text.replaceAll('=\r\n', ''))?.[1] ?? assert.fail(text);

  test('an invitation goes to its address, and its link to nobody else', async () => {
    const invited = await machine.json<{ mailed: boolean; link: string | null }>(
      '/millrace/v1/invitations',
      json({ email: 'ann@example.com', role: 'owner' }),
    );
    assert.deepEqual([invited.mailed, invited.link], [true, null]);
    const mail = (await receiver.arrived(1))[0] as ReceivedMail;
    assert.deepEqual([mail.to, mail.from], [['ann@example.com'], 'noreply@platform.example']);
    const ann = new ConsoleClient(millrace);
    const joined = await ann.request('/invitations/accept', {
      ...{ method: 'POST', body: { secret: secretIn(mail.text), password: 'a password for Ann' } },
    });
    assert.equal(joined.status, 200, joined.body);
    assert.equal((await ann.json<{ email: string }>('/session')).email, 'ann@example.com');
  });

  test('a lost password is asked for with the same answer for everybody, and mailed to its person alone', async () => {
    const ask = async (email: string) => {
      const { status, body } = await new ConsoleClient(millrace).request('/password-links', {
        ...{ method: 'POST', body: { email } },
      });
      return [status, body];
    };
    assert.deepEqual(await ask('nobody@example.com'), [202, '{"accepted":true}']);
    assert.deepEqual(await ask('Ann@example.com'), [202, '{"accepted":true}']);
    const mail = (await receiver.arrived(2))[1] as ReceivedMail;
    assert.deepEqual(mail.to, ['ann@example.com']);
    const client = new ConsoleClient(millrace);
    const set = await client.request('/password-links/accept', {
      ...{ method: 'POST', body: { secret: secretIn(mail.text), password: 'a new password for Ann' } },
    });
    assert.equal(set.status, 204, set.body);
    assert.equal((await client.signIn('ann@example.com', 'a new password for Ann')).status, 200);
  });

  test('a second factor is asked for besides the password, and each code counts once', async () => {
    const password = 'a new password for Ann';
    const ann = new ConsoleClient(millrace);
    await ann.signIn('ann@example.com', password);
    const post = (path: string, body: object) => ann.request(path, { method: 'POST', body });
    assert.equal((await post('/session/second-factor', { password: 'not it' })).status, 401);
    const { secret } = JSON.parse((await post('/session/second-factor', { password })).body) as {
      secret: string;
    };
    const codeAt = (off: number): string => codeOf(fromBase32(secret), stepAt(Date.now()) + off);
    assert.equal((await ann.signIn('ann@example.com', password)).status, 200, 'not before it is confirmed');
    assert.equal((await post('/session/second-factor/confirm', { code: '00000x' })).status, 401);
    const confirmed = await post('/session/second-factor/confirm', { code: codeAt(-1) });
    assert.equal(confirmed.status, 200, confirmed.body);
    const { recovery_codes: recovery } = JSON.parse(confirmed.body) as { recovery_codes: string[] };
    assert.equal(new Set(recovery).size, 10);
    assert.equal((await post('/session/second-factor', { password })).status, 409);

    const other = new ConsoleClient(millrace);
    const signIn = async (code?: string) => {
      const answer = await other.signIn('ann@example.com', password, code === undefined ? {} : { code });
      return answer.status === 200 ? 200 : JSON.parse(answer.body).error.field;
    };
    assert.equal(await signIn(), 'code');
    assert.equal(await signIn('recovery-code'), 'code');
    const code = codeAt(1);
    assert.deepEqual(await Promise.all([signIn(code), signIn(code)]).then((all) => all.sort()), [
      200,
      'code',
    ]);
    assert.deepEqual([await signIn(recovery[0]), await signIn(recovery[0])], [200, 'code']);
    const { data } = await machine.json<{ data: { id: string; email: string }[] }>('/millrace/v1/users');
    const user = data.find(({ email }) => email === 'ann@example.com')?.id;
    const remove = () => machine.request(`/millrace/v1/users/${user}/second-factor`, { method: 'DELETE' });
    assert.deepEqual([(await remove()).status, (await remove()).status], [204, 404]);
    assert.equal(await signIn(), 200);
  });
});
