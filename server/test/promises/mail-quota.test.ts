// Mails beyond what the installation's own server sends for an account: put off until there is room, neither
// lost nor sent before. With a real SMTP server, through the public port; only that hours pass is the
// database's rows moved back.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../../src/postgres/database.ts';
import { MAILS_CHANNEL } from '../../src/sources/templates/template-mail-store.ts';
import { makeAuthority } from '../internet/certificates.ts';
import { Customer } from './customer.ts';
import { type MailReceiver, openMailReceiver } from './receivers.ts';
import { embeddedDatabaseOf, makeSecondAccount, type SecondAccount } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Mail = { id: string; status: string; attempts: number; error: string | null; due_at: string | null };
type Delivery = { event_id: string; status: string; debug?: string | null };

const LOOK_EVERY_MS = 50;
const HOUR_MS = 3_600_000;
const PER_DAY = 2;

describe('a mail beyond the quota', { skip: noJails() }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-quota-'));
  let receiver: MailReceiver;
  let millrace: Millrace;
  let database: Database;
  let account: SecondAccount;
  let customer: Customer;
  let templateId: string;

  before(async () => {
    chmodSync(folder, 0o755);
    const authority = makeAuthority(folder);
    receiver = await openMailReceiver(authority, { user: 'mill', password: 'pass', secure: true });
    millrace = await startMillrace({
      env: {
        MILLRACE_EXTRA_CA_CERTS: authority.caFile,
        MILLRACE_SMTP_URL: `smtps://mill:pass@localhost:${receiver.port}`,
        MILLRACE_MAIL_FROM: 'Platform <noreply@platform.example>',
        // All attempts that there are, were they spent, would be over in less than a minute.
        MILLRACE_MAIL_RETRY_MS: '10',
      },
    });
    database = embeddedDatabaseOf(millrace);
    account = await makeSecondAccount(millrace);
    customer = new Customer(millrace, account.token);
    const template = {
      template_subject: 'hello',
      template_html: '<p>hello</p>',
      template_to: ['{{item_id}}@example.com'],
    };
    templateId = (
      await post<{ id: string }>('/millrace/v1/email-templates', {
        ...{ ...template, name: 'many', template_trigger: 'api_direct' },
      })
    ).id;
  });
  after(async () => {
    await database?.close();
    await millrace?.close();
    await receiver?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const sent = (body: unknown, method = 'POST'): RequestInit => ({
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const post = <T>(url: string, body: unknown): Promise<T> => customer.json<T>(url, sent(body));
  const setBounds = (bounds: Record<string, number | null>): Promise<unknown> =>
    new Customer(millrace).json(`/millrace/v1/accounts/${account.id}/limits`, sent({ bounds }, 'PATCH'));
  const send = (to: string): Promise<Mail> =>
    post(`/millrace/v1/email-templates/${templateId}/send`, { item_id: to });
  const came = (to: string): number =>
    receiver.mails.filter((mail) => mail.to.includes(`${to}@example.com`)).length;

  async function mailWhen({ id }: { id: string }, isReady: (mail: Mail) => boolean): Promise<Mail> {
    for (const giveUpAt = Date.now() + 40_000; ; await delay(LOOK_EVERY_MS)) {
      const mail = await customer.json<Mail>(`/millrace/v1/template-mails/${id}`);
      if (isReady(mail)) return mail;
      assert.ok(Date.now() < giveUpAt, JSON.stringify(mail));
    }
  }
  const ended = async (mail: Mail): Promise<string> =>
    (await mailWhen(mail, ({ status }) => status !== 'queued')).status;
  const postponed = async (mail: Mail): Promise<Mail> => {
    const told = await mailWhen(mail, ({ error }) => error !== null);
    assert.deepEqual([told.status, told.attempts], ['queued', 0]);
    return told;
  };

  /** All that has been sent and all that waits is so much older. */
  async function pass(hours: number): Promise<void> {
    for (const [table, column] of [
      ['account_mails', 'hour'],
      ['template_mails', 'due_at'],
      ['deliveries', 'due_at'],
    ])
      await database.query(
        `update ${table} set ${column} = ${column} - make_interval(hours => $2) where account_id = $1`,
        [account.id, hours],
      );
    await database.query('select pg_notify($1, $2)', [MAILS_CHANNEL, '']);
  }

  test('of a day waits until the day is over, spends no attempt, and is sent then', async () => {
    await setBounds({ mails_per_day: PER_DAY, mails_per_hour: 1_000 });
    for (const to of ['a', 'b']) assert.equal(await ended(await send(to)), 'sent');
    const third = await postponed(await send('c'));
    assert.match(third.error ?? '', /sends 2 mails of an account in a day/);
    const inMs = Date.parse(third.due_at ?? '') - Date.now();
    assert.ok(inMs > 22 * HOUR_MS && inMs <= 24 * HOUR_MS, `in ${inMs} ms`);
    await pass(22);
    // Those that come later are refused as well; what waits isn't sent with them.
    const fourth = await postponed(await send('d'));
    assert.deepEqual(['a', 'b', 'c', 'd'].map(came), [1, 1, 0, 0]);
    await pass(2);
    assert.deepEqual(await Promise.all([third, fourth].map(ended)), ['sent', 'sent']);
    assert.deepEqual(['c', 'd'].map(came), [1, 1]);
    await postponed(await send('e'));
  });

  test('of an hour waits until the next', async () => {
    await pass(48);
    await setBounds({ mails_per_day: 1_000, mails_per_hour: 2 });
    await pass(24);
    // One that waited since, and two more: the hour is full with two of them, whichever.
    const mails = await Promise.all(['f', 'g', 'h'].map(send));
    const all = (): number => ['e', 'f', 'g', 'h'].reduce((sum, to) => sum + came(to), 0);
    for (const giveUpAt = Date.now() + 40_000; all() < 2; await delay(LOOK_EVERY_MS))
      assert.ok(Date.now() < giveUpAt);
    const waiting = (
      await Promise.all(
        mails.map((mail) => mailWhen(mail, ({ error, status }) => error !== null || status !== 'queued')),
      )
    ).filter(({ status }) => status === 'queued');
    assert.ok(waiting.length > 0);
    for (const { due_at: dueAt } of waiting)
      assert.ok(Date.parse(dueAt ?? '') - Date.now() <= HOUR_MS, `${dueAt}`);
    await pass(1);
    for (const mail of mails) assert.equal(await ended(mail), 'sent');
    assert.equal(all(), 4);
  });

  test('that has more recipients than there may be fails, and says so', async () => {
    await setBounds({ mails_per_day: 0, mails_per_hour: null });
    const mail = await send('never');
    assert.equal(await ended(mail), 'failed');
    assert.match(
      (await mailWhen(mail, () => true)).error ?? '',
      /sends 0 mails .* in a day, and this one alone has 1/,
    );
  });

  test('for a subscriber waits the same way, and is delivered then', async () => {
    await setBounds({ mails_per_day: 1, mails_per_hour: 1_000 });
    await pass(24);
    const subscription = {
      event_type: 'order:created',
      method: 'email',
      format: 'json',
      destination: 'i@example.com',
    };
    await post('/api/v1/event_subscriptions', { ...subscription, active: true });
    const publish = (): Promise<unknown> =>
      post('/millrace/v1/events', { type: 'order:created', item_id: 'o', data: { order_id: 'o' } });
    const statuses = async (): Promise<Delivery[]> =>
      (await customer.json<{ data: Delivery[] }>('/api/v1/events?type=order:created')).data;
    const until = async (wanted: string[]): Promise<Delivery[]> => {
      for (const giveUpAt = Date.now() + 40_000; ; await delay(LOOK_EVERY_MS)) {
        const found = await statuses();
        if (
          found
            .map(({ status }) => status)
            .sort()
            .join() === wanted.join()
        )
          return found;
        assert.ok(Date.now() < giveUpAt, JSON.stringify(found));
      }
    };
    await publish();
    await until(['delivered']);
    await publish();
    const put = (await until(['delivered', 'retry'])).find(({ status }) => status === 'retry');
    const told = await customer.json<Delivery>(`/api/v1/events/${put?.event_id}?debug=true`);
    assert.match(told.debug ?? '', /sends 1 mails of an account in a day/);
    const [row] = await database.query<{ attempts: number; hours: number }>(
      `select attempts, extract(epoch from due_at - now())::float8 / 3600 as hours from deliveries
       where account_id = $1 and status = 'retry'`,
      [account.id],
    );
    assert.equal(row?.attempts, 0);
    assert.ok((row?.hours ?? 0) > 22, `in ${row?.hours} hours`);
    assert.equal(came('i'), 1);
    await pass(24);
    await until(['delivered', 'delivered']);
    assert.equal(came('i'), 2);
  });
});
