// The second door: HTTPS, in front of the same routes as the public port. A TLS server hands its requests to
// the plain one's, with the same limits, and is ended as that one is: it stops taking connections, answers
// what it has, closes the rest. Called by roles/.
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { SecureContext } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { MAX_HEADER_BYTES } from './open-http-server.ts';
import type { TlsIdentity } from './own-certificate.ts';
import { refuseClient, refuseConnect } from './refuse-client.ts';

export type TlsDoor = {
  /** New connections get this certificate; those that stand keep theirs. */
  use(identity: TlsIdentity): void;
  /** Resolves when every request in hand is answered. */
  close(): Promise<void>;
};

export type TlsDoorOptions = {
  http: FastifyInstance;
  identity: TlsIdentity;
  /** The certificate of a name that a client asks for; null: the usual one. From memory. */
  contextOf: (name: string) => SecureContext | null;
  port: number;
  host: string;
  log: Logger;
};

const HANDSHAKE_TIMEOUT_MS = 10_000;
const LOOK_FOR_IDLE_MS = 50;

/** Resolves once it listens. */
export async function openTls({
  http,
  identity,
  contextOf,
  port,
  host,
  log,
}: TlsDoorOptions): Promise<TlsDoor> {
  const plain = http.server;
  const server = createServer({
    ...identity,
    SNICallback: (name, done) => {
      try {
        done(null, contextOf(name) ?? undefined);
      } catch (error) {
        done(error as Error);
      }
    },
    minVersion: 'TLSv1.2',
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    requireHostHeader: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: plain.headersTimeout,
    requestTimeout: plain.requestTimeout,
    keepAliveTimeout: plain.keepAliveTimeout,
  });
  let isClosing = false;
  const hand = (request: IncomingMessage, response: ServerResponse): void => {
    if (isClosing) response.setHeader('connection', 'close');
    plain.emit('request', request, response);
  };
  server.on('request', hand);
  server.on('checkExpectation', hand);
  server.on('checkContinue', hand);
  server.on('clientError', (error, socket) => refuseClient(log, error, socket));
  server.on('connect', (_request, socket) => refuseConnect(log, socket));
  server.on('tlsClientError', (error) => log.debug({ reason: error.message }, 'a TLS handshake failed'));
  server.listen(port, host);
  await once(server, 'listening');
  return {
    use: (next) => server.setSecureContext({ ...next, minVersion: 'TLSv1.2' }),
    close: () => {
      isClosing = true;
      return closeWhenAnswered(server);
    },
  };
}

/** Connections become idle one by one: each is closed as soon as it is. */
async function closeWhenAnswered(server: Server): Promise<void> {
  const timer = setInterval(() => server.closeIdleConnections(), LOOK_FOR_IDLE_MS);
  try {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  } finally {
    clearInterval(timer);
  }
}
