// E-mail templates through the public doors, with a real SMTP server: events and the API send them, functions
// add to them, strangers write them.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeAuthority } from '../internet/certificates.ts';
import { Customer } from './customer.ts';
import { type MailReceiver, openMailReceiver, type ReceivedMail } from './receivers.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Json = Record<string, unknown>;
type Mail = {
  id: string;
  status: string;
  attempts: number;
  error: string | null;
  recipients: string[];
  message_id: string | null;
};
type Preview = {
  to: string[];
  subject: string;
  html: string;
  custom_data: Json | null;
  function_error: string | null;
};

const LOGIN = { user: 'shop', password: 'the password' };

describe('an e-mail template', { skip: noJails() }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-mails-'));
  /** What the mail server says of recipients for now. */
  const answers = new Map<string, number>();
  let receiver: MailReceiver;
  let millrace: Millrace;
  let customer: Customer;
  let env: Record<string, string>;

  before(async () => {
    chmodSync(folder, 0o755);
    const authority = makeAuthority(folder);
    const answerTo = (address: string): number | null => answers.get(address) ?? null;
    receiver = await openMailReceiver(authority, { ...LOGIN, secure: false, answerTo });
    env = {
      MILLRACE_EGRESS_ALLOW: '127.0.0.0/8,::1/128',
      MILLRACE_EXTRA_CA_CERTS: authority.caFile,
      MILLRACE_MAIL_RETRY_MS: '200',
    };
    millrace = await startMillrace({ env });
    customer = new Customer(millrace);
    await post('/millrace/v1/smtp_profiles', {
      ...{ name: 'shop', host: 'localhost', port: receiver.port, security: 'starttls', is_default: true },
      ...{ username: LOGIN.user, password: LOGIN.password, sender: 'Shop <shop@example.com>' },
    });
  });
  after(async () => {
    await millrace?.close();
    await receiver?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const sent = (body: unknown): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const post = <T>(url: string, body: unknown): Promise<T> => customer.json<T>(url, sent(body));

  let made = 0;
  function makeTemplate(part: Json): Promise<{ id: string; name: string }> {
    made += 1;
    return post('/millrace/v1/email-templates', {
      ...{ name: `template ${made}`, template_subject: 'hello', template_html: '<p>hello</p>' },
      ...{ template_to: ['a@example.com'], template_trigger: 'api_direct', ...part },
    });
  }

  async function makeFunction(code: string): Promise<string> {
    made += 1;
    const fields = {
      name: `function ${made}`,
      event_source: 'email_template',
      function_code: code,
      enabled: true,
    };
    const answer = await fetch(`${millrace.url}/v2/functions`, {
      ...sent(fields),
      headers: { 'x-api-key': millrace.token, 'content-type': 'application/json' },
    });
    return ((await answer.json()) as { function_id: string }).function_id;
  }

  async function removeFunction(id: string): Promise<void> {
    const answer = await customer.request(`/api/v1/hosted_functions/${id}`, { method: 'DELETE' });
    assert.equal(answer.status, 204);
  }

  const send = ({ id }: { id: string }, input: Json = {}): Promise<Mail> =>
    post(`/millrace/v1/email-templates/${id}/send`, input);
  const preview = ({ id }: { id: string }, input: Json = {}): Promise<Preview> =>
    post(`/millrace/v1/email-templates/${id}/preview`, input);

  /** A mail once `isReady` holds for it. */
  async function mailWhen({ id }: { id: string }, isReady: (mail: Mail) => boolean): Promise<Mail> {
    for (const giveUpAt = Date.now() + 40_000; ; ) {
      const mail = await customer.json<Mail>(`/millrace/v1/template-mails/${id}`);
      if (isReady(mail)) return mail;
      assert.ok(Date.now() < giveUpAt, JSON.stringify(mail));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const ended = (mail: { id: string }): Promise<Mail> => mailWhen(mail, ({ status }) => status !== 'queued');

  /** Subject and HTML of what came for an address. */
  function mailsTo(address: string): (ReceivedMail & { subject: string; html: string })[] {
    return receiver.mails.filter(({ to }) => to.includes(address)).map(opened);
  }

  test('is sent for an event, with what a function made of it', async () => {
    const functionId = await makeFunction(
      `callback(null, { total: '$' + event.data.item_details.amount_gross, source: context.source })`,
    );
    const template = await makeTemplate({
      ...{
        template_trigger: 'account_event',
        event_filter: ['sale.created.success'],
        function_id: functionId,
      },
      ...{
        template_to: ['customer', 'copy-{{item_id}}@example.com'],
        template_from: 'Sales <sales@example.com>',
      },
      template_subject: 'Order of {{item_details.customer.first_name}}: {{custom_data.total}}',
      template_html:
        '<b>{{item_details.customer.first_name}}</b> {{custom_data.source.trigger}} {{custom_data.source.name}}',
    });
    await post('/millrace/v1/events', {
      notations: ['sale.created.success.paid'],
      ...{ item_type: 'sale', item_id: 's1' },
      data: { amount_gross: 12.5, customer: { first_name: 'A & <B>', email: 'ann@example.com' } },
    });
    const { data } = await customer.json<{ data: Mail[] }>(
      `/millrace/v1/template-mails?template_id=${template.id}`,
    );
    assert.equal(data.length, 1);
    const mail = await ended(data[0] as Mail);
    assert.equal(mail.status, 'sent', mail.error ?? '');
    assert.deepEqual(mail.recipients, ['ann@example.com', 'copy-s1@example.com']);
    const [came] = mailsTo('ann@example.com');
    assert.equal(came?.from, 'sales@example.com');
    assert.equal(came?.subject, 'Order of A & <B>: $12.5');
    assert.match(came?.html ?? '', new RegExp(`<b>A &amp; &lt;B&gt;</b> email_template ${template.name}`));
    assert.match(came?.text ?? '', new RegExp(`^Message-ID: <${mail.id}@example.com>`, 'im'));
  });

  test('is not sent for other events, or while it is disabled', async () => {
    const listening = { template_trigger: 'account_event', event_filter: ['customer.created'] };
    const disabled = await makeTemplate({ ...listening, enabled: false });
    const deaf = await makeTemplate({ ...listening, campaign_filter: ['spring'] });
    const heard = await makeTemplate(listening);
    await post('/millrace/v1/events', {
      ...{ notations: ['customer.created'], item_type: 'customer', item_id: 'c1', data: {} },
    });
    const mailsOf = async ({ id }: { id: string }): Promise<number> =>
      (await customer.json<{ data: Mail[] }>(`/millrace/v1/template-mails?template_id=${id}`)).data.length;
    assert.deepEqual(await Promise.all([disabled, deaf, heard].map(mailsOf)), [0, 0, 1]);
    const refused = await customer.request(`/millrace/v1/email-templates/${disabled.id}/send`, sent({}));
    assert.equal(refused.status, 422);
  });

  test('is shown before it is sent, and nothing is sent', async () => {
    const functionId = await makeFunction(`callback(null, { size: event.data.custom_arguments.size })`);
    const template = await makeTemplate({
      ...{ function_id: functionId, template_to: ['preview@example.com', 'customer'] },
      template_html: '{{custom_data.size}} {{#each item_details.list}}{{this}},{{/each}}',
    });
    const seen = await preview(template, {
      ...{ item_type: 'customer', item_details: { list: [1, 2], email: 'me@example.com' } },
      custom_arguments: { size: 'XL' },
    });
    assert.deepEqual(seen.to, ['me@example.com', 'preview@example.com']);
    assert.deepEqual([seen.html, seen.custom_data], ['XL 1,2,', { size: 'XL' }]);
    assert.equal(mailsTo('preview@example.com').length, 0);
    assert.deepEqual(
      (await customer.json<{ data: Mail[] }>(`/millrace/v1/template-mails?template_id=${template.id}`)).data,
      [],
    );
  });

  test('takes nothing from a function that returns no object, and stores what no text column holds', async () => {
    for (const [code, html] of [
      [`callback(null, ['a'])`, '[]'],
      [`callback(null, 'text')`, '[]'],
      [`callback(null, { a: 'x\\u0000y', ['k\\u0000']: 1 })`, '[x\uFFFDy]'],
    ] as const) {
      const template = await makeTemplate({
        ...{ function_id: await makeFunction(code), template_html: '[{{custom_data.a}}]' },
        template_to: ['odd@example.com'],
      });
      assert.equal((await ended(await send(template))).status, 'sent');
      assert.equal(mailsTo('odd@example.com').at(-1)?.html, html);
    }
  });

  test('goes without its function or not at all where that fails, as its owner says', async () => {
    const failing = await makeFunction(`callback('no idea')`);
    // Of the API whose functions can be deleted.
    const { id: gone } = await customer.uploadCode('exports.handler = async () => ({ statusCode: 200 });');
    for (const functionId of [failing, gone]) {
      const careless = await makeTemplate({ function_id: functionId, on_function_error: 'send' });
      const strict = await makeTemplate({ function_id: functionId, on_function_error: 'fail' });
      if (functionId === gone) await removeFunction(gone);
      const mail = await ended(await send(careless));
      assert.equal(mail.status, 'sent');
      assert.match(mail.error ?? '', functionId === failing ? /no idea/ : /isn't there any more/);
      const refused = await ended(await send(strict));
      assert.deepEqual([refused.status, refused.recipients], ['failed', []]);
      assert.match(refused.error ?? '', functionId === failing ? /no idea/ : /isn't there any more/);
    }
  });

  test('that is hostile reaches nothing and harms nobody', async () => {
    const hostile = [
      '{{constructor.constructor "return process" }}',
      '{{#with "s" as |s|}}{{#with "e"}}{{#with split as |c|}}{{lookup c "constructor"}}{{/with}}{{/with}}{{/with}}',
      '{{__proto__.polluted}}{{lookup this "__proto__"}}',
      '{{#each item_details.a}}{{#each ../item_details.a}}{{#each ../../item_details.a}}{{#each ../../../item_details.a}}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{{/each}}{{/each}}{{/each}}{{/each}}',
      '{{#*inline "again"}}{{> again}}{{/inline}}{{> again}}',
      '{{#if',
    ];
    const item_details = { a: Array.from({ length: 300 }, (_, at) => at) };
    for (const template_html of hostile) {
      const template = await makeTemplate({ template_html, template_to: ['hostile@example.com'] });
      const answer = await customer.request(
        `/millrace/v1/email-templates/${template.id}/preview`,
        sent({ item_details }),
      );
      const told = await answer.text();
      assert.ok([200, 422].includes(answer.status), `${answer.status} ${told}`);
      assert.doesNotMatch(told, /process|function \(|native code|node:/);
      const mail = await ended(await send(template, { item_details }));
      assert.notEqual(mail.status, 'queued');
    }
    const fine = await makeTemplate({ template_html: '{{item_details.x}}' });
    assert.equal((await preview(fine, { item_details: { x: 'fine' } })).html, 'fine');
  });

  test('never makes a header of what came with an item', async () => {
    const template = await makeTemplate({
      ...{ template_subject: '{{item_details.name}}', template_to: ['head@example.com'] },
    });
    const name = 'x\r\nBcc: spy@example.com';
    assert.equal((await ended(await send(template, { item_details: { name } }))).status, 'sent');
    assert.equal(mailsTo('head@example.com').at(-1)?.subject, 'x Bcc: spy@example.com');
    assert.deepEqual(mailsTo('spy@example.com'), []);
    const addressed = await makeTemplate({ template_to: ['{{item_details.name}}'] });
    assert.match(
      (await ended(await send(addressed, { item_details: { name } }))).error ?? '',
      /not an e-mail/,
    );
    const customerOf = await makeTemplate({ template_to: ['customer'] });
    const tricky = { email: '{{item_id}}@example.com' };
    const tricked = await ended(await send(customerOf, { item_id: 'x', item_details: tricky }));
    assert.deepEqual(tricked.recipients, [tricky.email]);
  });

  test('is tried again while the mail server is busy, and given up where it refuses', async () => {
    answers.set('busy@example.com', 451);
    const mail = await send(await makeTemplate({ template_to: ['busy@example.com'] }));
    const again = await mailWhen(mail, ({ attempts }) => attempts > 0);
    assert.deepEqual([again.status, again.message_id], ['queued', null]);
    assert.match(again.error ?? '', /451/);
    answers.clear();
    const done = await ended(mail);
    assert.equal(done.status, 'sent');
    assert.ok(done.attempts > 1);
    const refused = await ended(await send(await makeTemplate({ template_to: ['nobody@example.com'] })));
    assert.deepEqual([refused.status, refused.attempts], ['failed', 1]);
    assert.match(refused.error ?? '', /550/);
    const half = await ended(
      await send(await makeTemplate({ template_to: ['some@example.com', 'nobody@example.com'] })),
    );
    assert.deepEqual([half.status, half.recipients], ['sent', ['some@example.com']]);
    assert.match(half.error ?? '', /nobody@example.com/);
  });

  test('bears a name of its own, and is refused with the field that is wrong', async () => {
    const one = await makeTemplate({});
    const cases: [Json, number, RegExp][] = [
      [{ name: one.name.toUpperCase() }, 409, /name/],
      [{ name: 'x', template_to: [] }, 400, /template_to/],
      [{ name: 'x', template_trigger: 'account_event' }, 400, /event_filter/],
      [{ name: 'x', template_subject: 'a\u0000' }, 400, /template_subject/],
    ];
    for (const [part, status, words] of cases) {
      const whole = {
        template_subject: 's',
        template_html: 'h',
        template_to: ['a@b.c'],
        template_trigger: 'api_direct',
      };
      const answer = await customer.request('/millrace/v1/email-templates', sent({ ...whole, ...part }));
      assert.equal(answer.status, status);
      assert.match(await answer.text(), words);
    }
    const input = sent({ item_details: { a: 'x\u0000' } });
    assert.equal((await customer.request(`/millrace/v1/email-templates/${one.id}/send`, input)).status, 400);
  });

  test('loses no mail when everything is killed in between', async () => {
    const functionId = await makeFunction(`setTimeout(() => callback(null, { n: event.data.item_id }), 300)`);
    const slow = await makeTemplate({
      ...{ function_id: functionId, template_html: '{{custom_data.n}}', template_to: ['all@example.com'] },
    });
    answers.set('busy@example.com', 451);
    const waiting = await send(await makeTemplate({ template_to: ['busy@example.com'] }));
    await mailWhen(waiting, ({ attempts }) => attempts > 0);
    const mails: Mail[] = [];
    for (let at = 0; at < 12; at += 1) mails.push(await send(slow, { item_id: `n${at}` }));
    await mailWhen(mails[0] as Mail, ({ status }) => status === 'sent');
    process.kill(-millrace.pid, 'SIGKILL');
    await millrace.ended;
    answers.clear();
    millrace = await startMillrace({ dataDir: millrace.dataDir, env });
    customer = new Customer(millrace);
    const all = await Promise.all([waiting, ...mails].map(ended));
    assert.deepEqual([...new Set(all.map(({ status }) => status))], ['sent']);
    const came = new Set(mailsTo('all@example.com').map(({ html }) => html.trim()));
    assert.equal(came.size, mails.length, JSON.stringify(all));
  });

  test('is sent by a server of the account’s own only as a domain that the operator has opened to it', async () => {
    const account = /account +([A-Z]{2}[0-9]{4})/.exec(millrace.output())?.[1];
    assert.ok(account !== undefined, 'the greeting names the account');
    await millrace.stop();
    const opened = { MILLRACE_MAIL_DOMAINS: `${account}=open.example` };
    millrace = await startMillrace({ dataDir: millrace.dataDir, env: { ...env, ...opened } });
    customer = new Customer(millrace);
    const mailFrom = async (from: string): Promise<Mail> =>
      ended(await send(await makeTemplate({ template_from: from, template_to: ['domains@example.com'] })));
    const refused = await mailFrom('Open <shop@closed.example>');
    assert.equal(refused.status, 'failed');
    assert.match(refused.error ?? '', /has not opened the domain closed.example to this account/);
    assert.equal((await mailFrom('"a@closed.example" <shop@Open.example>')).status, 'sent');
    assert.equal(mailsTo('domains@example.com').length, 1);
  });
});

/** What is inside a mail; long lines and other characters come encoded. */
function opened(mail: ReceivedMail): ReceivedMail & { subject: string; html: string } {
  const [head = '', ...rest] = mail.text.split('\r\n\r\n');
  const raw = /^Subject: (.*(?:\r\n[ \t].*)*)/im.exec(head)?.[1]?.replace(/\r\n[ \t]/g, ' ') ?? '';
  const body = rest.join('\r\n\r\n').replace(/\r\n$/, '');
  const encoding = /^Content-Transfer-Encoding: (\S+)/im.exec(head)?.[1]?.toLowerCase();
  const html =
    encoding === 'base64'
      ? Buffer.from(body, 'base64').toString()
      : encoding === 'quoted-printable'
        ? unquoted(body)
        : body;
  return { ...mail, subject: raw, html };
}

function unquoted(text: string): string {
  const joined = text.replace(/=\r\n/g, '');
  const bytes = joined.replace(/=([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
