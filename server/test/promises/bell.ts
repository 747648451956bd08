// A bell that a function rings to say where it has come to, and that a test waits for: another function,
// called through the public address. What the test does then, it does after that; no time is guessed.
import assert from 'node:assert/strict';
import type { Customer } from './customer.ts';

export type Bell = {
  /** What a function that rings has in its environment. */
  variables: Record<string, string>;
  /** Resolves once it has rung. */
  rung(): Promise<void>;
};

/** Code that rings, as an expression: it waits for nothing, and fails for nobody. */
export const RING = `fetch(process.env.BELL, { headers: { authorization: 'Bearer ' + process.env.TOKEN } }).catch(() => {})`;
const PATIENCE_MS = 20_000;

export async function hangBell(customer: Customer): Promise<Bell> {
  const bell = await customer.uploadCode(`exports.handler = async () => ({ statusCode: 200 });`);
  const runs = async (): Promise<unknown[]> =>
    (await customer.json<{ data: unknown[] }>(`/millrace/v1/functions/${bell.id}/runs`)).data;
  return {
    variables: { BELL: bell.invokeUrl, TOKEN: customer.token },
    rung: async () => {
      for (const giveUpAt = Date.now() + PATIENCE_MS; (await runs()).length === 0; )
        assert.ok(Date.now() < giveUpAt, 'nobody rang');
    },
  };
}
