// Something that is measured: a server in processes of its own, with the address and headers of its no-op call.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Customer } from '../server/test/promises/customer.ts';
import { startMillrace } from '../server/test/promises/start-millrace.ts';

export type Peer = {
  name: string;
  url: string;
  headers: Record<string, string>;
  close(): Promise<void>;
};

/** node:http and nothing else. */
export async function bareNode(): Promise<Peer> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'bare-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    name: 'bare node:http',
    url: `http://127.0.0.1:${port}/`,
    headers: {},
    close: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** A warm no-op function through the whole path: token, limits, jail, run record. */
export async function warmFunction(): Promise<Peer> {
  const millrace = await startMillrace({ env: { MILLRACE_LOG_LEVEL: 'warn' } });
  const customer = new Customer(millrace);
  const fn = await customer.uploadCode(
    `exports.handler = async () => ({ statusCode: 200, body: '{"ok":true}' });`,
    { environment: 'nodejs24.x' },
  );
  const answer = await customer.call(fn);
  if (answer.status !== 200) {
    await millrace.close();
    throw new Error(`the function answered ${answer.status}`);
  }
  return {
    name: 'Millrace, warm no-op',
    url: fn.invokeUrl.replace('localhost', '127.0.0.1'),
    headers: { authorization: `Bearer ${millrace.token}` },
    close: () => millrace.close(),
  };
}
