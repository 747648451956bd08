// Makes sure of the public port before anything is made: a start that fails late would have shown its first
// token to nobody.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { StartError } from '../process/start-error.ts';
import type { Config } from '../server/src/config/config.ts';

/**
 * @returns settings that differ from the environment: with MILLRACE_PORT=0, the free port that was found
 * @throws StartError when the port can't be had
 */
export async function choosePort(config: Config): Promise<Record<string, string>> {
  const port = await probe(config.port, config.host).catch((error: unknown) => {
    throw new StartError(portProblem(config, error));
  });
  if (config.port !== 0) return {};
  const isDefault = new URL(config.publicUrl).port === '0';
  return {
    MILLRACE_PORT: String(port),
    ...(isDefault ? { MILLRACE_PUBLIC_URL: `http://localhost:${port}` } : {}),
  };
}

/** @throws StartError when HTTPS is wanted and can't have its port */
export async function requireTlsPort({ tlsPort, host }: Config): Promise<void> {
  if (tlsPort === null) return;
  await probe(tlsPort, host).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'it is in use by another program' : message;
    throw new StartError(
      `HTTPS can not have port ${tlsPort}: ${reason}; set MILLRACE_TLS_PORT to a free one, or to 0 for none`,
    );
  });
}

/** @returns the port that was had */
async function probe(wanted: number, host: string): Promise<number> {
  const server = createServer();
  server.listen(wanted, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Why the server can't listen, in words that name the setting. */
function portProblem(config: Config, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return `port ${config.port} is in use by another program; set MILLRACE_PORT to a free one`;
  if (code === 'EACCES')
    return `port ${config.port} is not for this user; set MILLRACE_PORT to one above 1023`;
  return `MILLRACE_HOST=${config.host}, MILLRACE_PORT=${config.port}: ${message}`;
}
