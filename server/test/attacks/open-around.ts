// A Millrace with two accounts, for attacks around the jail: the first is attacked by the second. Both have a
// function that answers what it got. Everything through the public port.
import http from 'node:http';
import type { ServedRoute } from '../../src/http/served-routes.ts';
import { Customer, type HostedFunction } from '../promises/customer.ts';
import { makeSecondAccount } from '../promises/second-account.ts';
import { type Millrace, startMillrace } from '../promises/start-millrace.ts';

export type Party = {
  customer: Customer;
  accountId: string;
  accountNumber: number;
  fn: HostedFunction;
};

export type AroundScene = {
  millrace: Millrace;
  victim: Party;
  attacker: Party;
  close(): Promise<void>;
};

export type RawAnswer = { status: number; headers: http.IncomingHttpHeaders; body: string };

/** Answers with its input, and with the headers that the query asks for: `?headers=<JSON>`. */
const ECHO = `exports.handler = async (event) => {
  const { headers = '{}' } = event.queryStringParameters ?? {};
  return { statusCode: 200, multiValueHeaders: JSON.parse(headers), body: 'TOLD ' + JSON.stringify(event) };
};`;

export async function openAround(env: Record<string, string> = {}): Promise<AroundScene> {
  const millrace = await startMillrace({ env });
  try {
    const second = await makeSecondAccount(millrace);
    const { data: accounts } = await new Customer(millrace).json<{ data: { id: string; number: number }[] }>(
      '/millrace/v1/operator/accounts',
    );
    const party = async (customer: Customer, isSecond: boolean): Promise<Party> => {
      const own = accounts.find(({ id }) => (id === second.id) === isSecond);
      if (own === undefined) throw new Error('there are no two accounts');
      const fn = await customer.uploadCode(ECHO);
      return { customer, accountId: own.id, accountNumber: own.number, fn };
    };
    const victim = await party(new Customer(millrace), false);
    const attacker = await party(new Customer(millrace, second.token), true);
    return { millrace, victim, attacker, close: () => millrace.close() };
  } catch (error) {
    await millrace.close();
    throw error;
  }
}

/** What a Millrace that logs at `debug` says it serves. */
export function routesOf(millrace: Millrace): ServedRoute[] {
  const line = millrace
    .output()
    .split('\n')
    .find((text) => text.includes('"what is served"'));
  if (line === undefined) throw new Error('the routes are told at debug');
  return (JSON.parse(line) as { routes: ServedRoute[] }).routes;
}

/** A request as it is written, its Host header among its headers: `fetch` sets that itself. */
export function raw(
  millrace: Millrace,
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: http.OutgoingHttpHeaders; body?: string },
): Promise<RawAnswer> {
  const { hostname, port } = new URL(millrace.url);
  return new Promise((resolve, reject) => {
    const request = http.request({ host: hostname, port, path, method, headers, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      const whole = (): void => {
        const { statusCode: status = 0, headers: answered } = answer;
        resolve({ status, headers: answered, body: Buffer.concat(parts).toString() });
      };
      answer.on('data', (part: Buffer) => {
        parts.push(part);
        // Goes on: its beginning is the answer.
        if (answer.headers['content-type']?.startsWith('text/event-stream') !== true) return;
        whole();
        request.destroy();
      });
      answer.on('end', whole);
      answer.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

export const json = (body: unknown, method = 'POST') => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
