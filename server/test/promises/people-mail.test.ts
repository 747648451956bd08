// Invitations and links for a new password by mail: the installation's own server sends them, to the address alone. With a real SMTP server,
// through the public port only.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeAuthority } from '../internet/certificates.ts';
import { ConsoleClient, json } from './console-client.ts';
import { Customer } from './customer.ts';
import { type MailReceiver, openMailReceiver, type ReceivedMail } from './receivers.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

describe('mail to people', { skip: noJails() }, () => {
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
});
