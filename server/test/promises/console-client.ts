// A browser at the console's host, for promises about people: keeps its cookies, names the account that it
// asks about, and says what browsers say of where a request comes from. Everything through the public port.
import assert from 'node:assert/strict';
import http from 'node:http';
import type { Millrace } from './start-millrace.ts';

export type Answer = { status: number; headers: http.IncomingHttpHeaders; body: string };
type Init = {
  method?: string;
  body?: unknown;
  headers?: Record<string, string | undefined>;
  /** What the path is below. */
  root?: string;
};

/** Of the audit log. */
export type Entry = {
  action: string;
  account_id: string | null;
  user_id: string | null;
  session_id: string | null;
  token_id: string | null;
  address: string | null;
  after: Record<string, unknown> | null;
};
/** What a signed-in person is shown. */
export type Own = {
  id: string;
  email: string;
  accounts: { account_id: string; user_id: string; role: string; permissions: object }[];
};

export const json = (body: unknown, method = 'POST') => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export const CONSOLE_HOST = 'console.localhost';

export class ConsoleClient {
  readonly millrace: Millrace;
  readonly cookies = new Map<string, string>();
  /** What every request names. */
  account: string | null = null;
  /** Whose turn it is to be paced. */
  address: string | null = null;

  constructor(millrace: Millrace) {
    this.millrace = millrace;
  }

  get origin(): string {
    return `http://${CONSOLE_HOST}:${new URL(this.millrace.url).port}`;
  }

  /** @param path below /millrace/v1, or a whole one */
  async request(
    path: string,
    { method = 'GET', body, headers = {}, root = '/millrace/v1' }: Init = {},
  ): Promise<Answer> {
    const { hostname, port } = new URL(this.millrace.url);
    const sent: Record<string, string | undefined> = {
      host: `${CONSOLE_HOST}:${port}`,
      'sec-fetch-site': 'same-origin',
      ...(method === 'GET' ? {} : { origin: this.origin }),
      ...(this.cookies.size === 0 ? {} : { cookie: this.#cookie() }),
      ...(this.account === null ? {} : { 'millrace-account': this.account }),
      ...(this.address === null ? {} : { 'x-forwarded-for': this.address }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    const answer = await new Promise<Answer>((resolve, reject) => {
      const request = http.request(
        {
          ...{ host: hostname, port, method, agent: false },
          path: path.startsWith('/millrace') ? path : `${root}${path}`,
          headers: Object.fromEntries(
            Object.entries(sent).filter(([, value]) => value !== undefined),
          ) as Record<string, string>,
        },
        (response) => {
          const parts: Buffer[] = [];
          // What goes on for as long as a client listens is only begun.
          const isEndless = response.headers['content-type']?.startsWith('text/event-stream') === true;
          if (isEndless) {
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' });
            response.destroy();
            return;
          }
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(parts).toString(),
            }),
          );
          response.on('error', reject);
        },
      );
      request.on('error', reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
    this.#take(answer.headers['set-cookie'] ?? []);
    return answer;
  }

  /** One that must succeed; its JSON. */
  async json<T>(path: string, init: Init = {}): Promise<T> {
    const { status, body } = await this.request(path, init);
    assert.ok(status >= 200 && status < 300, `${init.method ?? 'GET'} ${path}: ${status} ${body}`);
    return (body === '' ? undefined : JSON.parse(body)) as T;
  }

  async signIn(email: string, password: string, further: object = {}): Promise<Answer> {
    return await this.request('/session', { method: 'POST', body: { email, password, ...further } });
  }

  #cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #take(lines: readonly string[]): void {
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/; Max-Age=0\b/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

export function refusalOf({ status, body }: Answer): [number, string] {
  return [status, (JSON.parse(body) as { error: { code: string } }).error.code];
}
