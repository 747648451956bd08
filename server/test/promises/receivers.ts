// Those who receive what Millrace sends by itself, for promises: real HTTP servers and a real SMTP server on
// loopback, which keep all that came and let a test wait for it.
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { Authority } from '../internet/certificates.ts';

export type Received = {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  body: string;
};
export type Answer = { status: number; headers?: Record<string, string>; body?: string } | 'never';

export type Receiver = {
  /** Without a trailing slash. */
  url: string;
  received: Received[];
  /** What it answers from now on. */
  answer: (request: Received) => Answer;
  /** Resolves once as many requests for the path have come; those. */
  arrived(path: string, count?: number): Promise<Received[]>;
  close(): Promise<void>;
};

const PATIENCE_MS = 30_000;

/** @param authority for https at `localhost`; left out: http at 127.0.0.1 */
export async function openReceiver(authority?: Authority): Promise<Receiver> {
  const heard = new EventEmitter();
  const host = authority === undefined ? '127.0.0.1' : 'localhost';
  const listen = (request: IncomingMessage, response: ServerResponse): void => void take(request, response);
  const server =
    authority === undefined ? createServer(listen) : createSecureServer(identity(authority), listen);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http${authority === undefined ? '' : 's'}://${host}:${port}`,
    received: [],
    answer: () => ({ status: 200 }),
    arrived: async (path, count = 1) => {
      for (;;) {
        const about = receiver.received.filter((request) => request.path === path);
        if (about.length >= count) return about;
        await once(heard, 'request', { signal: AbortSignal.timeout(PATIENCE_MS) });
      }
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers, rawHeaders } = request;
    const received = { method, path, headers, rawHeaders, body: Buffer.concat(chunks).toString('utf8') };
    receiver.received.push(received);
    heard.emit('request');
    const answer = receiver.answer(received);
    if (answer === 'never') return;
    response.writeHead(answer.status, answer.headers ?? {}).end(answer.body);
  }
  return receiver;
}

function identity(authority: Authority): { key: Buffer; cert: Buffer } {
  const { keyFile, certFile } = authority.issue('localhost');
  return { key: readFileSync(keyFile), cert: readFileSync(certFile) };
}

export type ReceivedMail = {
  from: string;
  to: string[];
  isEncrypted: boolean;
  user: string | null;
  text: string;
};

export type MailReceiver = {
  port: number;
  mails: ReceivedMail[];
  arrived(count: number): Promise<ReceivedMail[]>;
  close(): Promise<void>;
};

export type MailReceiverOptions = {
  user: string;
  password: string;
  secure: boolean;
  /** What it says of a recipient, where that is no OK. */
  answerTo?: (address: string) => number | null;
};

/** TLS from the first byte, or STARTTLS; takes one user alone. */
export async function openMailReceiver(
  authority: Authority,
  { user, password, secure, answerTo }: MailReceiverOptions,
): Promise<MailReceiver> {
  const heard = new EventEmitter();
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    secure,
    ...identity(authority),
    onAuth: (given, _session, done) =>
      given.username === user && given.password === password
        ? done(null, { user })
        : done(new Error('wrong user or password')),
    onRcptTo: ({ address }, _session, done) => {
      const responseCode = address.startsWith('nobody@') ? 550 : (answerTo?.(address) ?? null);
      if (responseCode === null) done();
      else done(Object.assign(new Error('no such mailbox'), { responseCode }));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          isEncrypted: session.secure,
          user: session.user === undefined ? null : String(session.user),
          text: Buffer.concat(chunks).toString('utf8'),
        });
        heard.emit('mail');
        done();
      });
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    arrived: async (count) => {
      while (mails.length < count) await once(heard, 'mail', { signal: AbortSignal.timeout(PATIENCE_MS) });
      return mails;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
