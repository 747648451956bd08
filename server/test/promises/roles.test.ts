// Roles, at every address of Millrace's own API: who lacks a permission that an address needs is refused,
// whatever is asked; who has it isn't. What is needed stands in openapi.json, what a person has in their
// session. Through the public port only.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ConsoleClient, json, type Own } from './console-client.ts';
import { Customer } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Operation = { description?: string; security?: object[] };
type Permissions = Record<string, Record<string, boolean>>;

const PASSWORD = 'a long enough password';

describe('a role', { skip: noJails() }, () => {
  let millrace: Millrace;
  let machine: Customer;
  let operations: { method: string; path: string; needs: [string, string][] }[];

  before(async () => {
    millrace = await startMillrace();
    machine = new Customer(millrace);
    const { paths } = await machine.json<{ paths: Record<string, Record<string, Operation>> }>(
      '/millrace/v1/openapi.json',
    );
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { description = '' }]) => ({
        ...{ method: method.toUpperCase(), path },
        needs: [...description.matchAll(/`([a-z]+)` on `([a-z_]+)`/g)].map(
          ([, on = '', resource = '']): [string, string] => [on, resource],
        ),
      })),
    );
  });
  after(() => millrace?.close());

  for (const role of ['owner', 'developer', 'viewer']) {
    test(`${role} is what the server goes by at every address`, async () => {
      const email = `${role}@example.com`;
      const { link } = await machine.json<{ link: string }>(
        '/millrace/v1/invitations',
        json({ email, role }),
      );
      const client = new ConsoleClient(millrace);
      const body = { secret: link.split('#')[1], password: PASSWORD };
      await client.json('/invitations/accept', { method: 'POST', body });
      const [own] = (await client.json<Own>('/session')).accounts;
      client.account = own?.account_id ?? null;
      const permissions = own?.permissions as Permissions;
      let refused = 0;
      for (const { method, path, needs } of operations.filter((one) => one.needs.length > 0)) {
        const isPermitted = needs.every(([on, resource]) => permissions[resource]?.[on] === true);
        // What is permitted is only looked at: a change could end what the next one needs.
        if (isPermitted && method !== 'GET') continue;
        const { status, body: answered } = await client.request(
          path.replaceAll(/\{[a-z]+\}/g, '0123456789'),
          {
            method,
            ...(['GET', 'DELETE'].includes(method) ? {} : { body: {} }),
          },
        );
        assert.equal(status === 403, !isPermitted, `${method} ${path}: ${status} ${answered}`);
        if (!isPermitted) refused += 1;
      }
      const least = { owner: 10, developer: 20, viewer: 60 }[role] ?? 0;
      assert.ok(refused >= least, `${refused} of ${operations.length} are refused`);
    });
  }
});
