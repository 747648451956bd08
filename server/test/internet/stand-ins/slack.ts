// Plays slack.com as far as the Web API's `chat.postMessage` goes: a form or JSON, a bearer token
// (`xoxb-right`), always 200 with `ok`. Questions: `messages`.
import { serveStandIn } from '../stand-in.ts';

type Message = { channel: string; text: string; ts: string };

const messages: Message[] = [];

await serveStandIn({
  answer({ path, headers, body }) {
    const fields = headers['content-type']?.startsWith('application/json')
      ? (JSON.parse(body) as Record<string, string>)
      : Object.fromEntries(new URLSearchParams(body));
    const token = headers.authorization?.replace(/^Bearer /, '') ?? fields.token;
    if (path !== '/api/chat.postMessage') return json({ ok: false, error: 'unknown_method' });
    if (token !== 'xoxb-right') return json({ ok: false, error: 'invalid_auth' });
    const { channel = '', text = '' } = fields;
    if (!channel.startsWith('#')) return json({ ok: false, error: 'channel_not_found' });
    const message = { channel, text, ts: `1718051486.${String(messages.length).padStart(6, '0')}` };
    messages.push(message);
    return json({ ok: true, channel, ts: message.ts, message: { type: 'message', text } });
  },
  questions: { messages: () => messages },
});

function json(answer: unknown): { status: number; headers: Record<string, string>; body: string } {
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(answer),
  };
}
