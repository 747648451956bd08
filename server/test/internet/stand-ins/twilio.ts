// Plays api.twilio.com as far as sending a message goes: a form, HTTP Basic with account and token (`right`),
// 201 with the message's resource, errors as {code, message, status}. Questions: `messages`.
import { type StandInAnswer, serveStandIn } from '../stand-in.ts';

type Message = { to: string; from: string; body: string };

const messages: Message[] = [];

await serveStandIn({
  answer({ method, path, headers, body }) {
    const [, account] = /^\/2010-04-01\/Accounts\/(AC[0-9a-f]{32})\/Messages\.json$/.exec(path) ?? [];
    if (account === undefined || method !== 'POST')
      return refusal(404, 20404, 'The requested resource was not found');
    const login = Buffer.from((headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
    if (login !== `${account}:right`) return refusal(401, 20003, 'Authenticate');
    const { To: to = '', From: from = '', Body: text = '' } = Object.fromEntries(new URLSearchParams(body));
    if (!/^\+\d{7,15}$/.test(to))
      return refusal(400, 21211, `The 'To' number ${to} is not a valid phone number.`);
    messages.push({ to, from, body: text });
    const sid = `SM${String(messages.length).padStart(32, '0')}`;
    return json(201, { sid, account_sid: account, to, from, body: text, status: 'queued', error_code: null });
  },
  questions: { messages: () => messages },
});

function refusal(status: number, code: number, message: string): StandInAnswer {
  return json(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });
}

function json(status: number, answer: unknown): StandInAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer) };
}
