// Something that is measured: a server in processes of its own, with the address and headers of its no-op
// call.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Customer } from '../server/test/promises/customer.ts';
import { startMillrace } from '../server/test/promises/start-millrace.ts';

/** Runs that one instance may have in hand, where it may have several. */
const SEVERAL = 16;

export type Peer = {
  name: string;
  url: string;
  headers: Record<string, string>;
  close(): Promise<void>;
};

/** node:http and nothing else. */
export async function bareNode(): Promise<Peer & { pid: number }> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'bare-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    name: 'bare node:http',
    pid: child.pid as number,
    url: `http://127.0.0.1:${port}/`,
    headers: {},
    close: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

const NO_OP = `exports.handler = async () => ({ statusCode: 200, body: '{"ok":true}' });`;

/**
 * A warm no-op function through the whole path (token, limits, jail, run record): one run in an instance at a
 * time, and several.
 */
export async function warmFunctions(): Promise<Peer[]> {
  const millrace = await startMillrace({ env: { MILLRACE_LOG_LEVEL: 'warn' } });
  const customer = new Customer(millrace);
  try {
    return [
      await warmFunction(customer, 'Millrace, warm no-op', 1),
      {
        ...(await warmFunction(customer, `the same, concurrency: ${SEVERAL}`, SEVERAL)),
        close: () => millrace.close(),
      },
    ];
  } catch (error) {
    await millrace.close();
    throw error;
  }
}

/** Called once. Its Millrace is closed by the caller. */
export async function warmFunction(customer: Customer, name: string, concurrency: number): Promise<Peer> {
  const fn = await customer.uploadCode(NO_OP, { environment: 'nodejs24.x' });
  await customer.settings(fn, { concurrency });
  const answer = await customer.call(fn);
  if (answer.status !== 200) throw new Error(`the function answered ${answer.status}`);
  const headers = { authorization: `Bearer ${customer.millrace.token}` };
  return { name, url: fn.invokeUrl.replace('localhost', '127.0.0.1'), headers, close: async () => {} };
}
