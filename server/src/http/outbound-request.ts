// Sends one HTTP request on an account's behalf: to addresses that the rule leaves open and to no others,
// without following redirects, within a time, reading no more of the answer than is asked for. Built once in
// roles/.
import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { isIPv6, type LookupFunction } from 'node:net';
import { OutboundError, type OutboundRule, openAddresses } from './outbound-rule.ts';

export type OutboundRequest = {
  method: 'GET' | 'POST';
  /** http or https. */
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: Buffer | null;
  /** From the first question to the name server to the last byte of the answer. */
  timeoutMs: number;
  /** What is read of the answer's body; the rest is left. */
  mostBodyBytes: number;
};

export type OutboundAnswer = {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
  isCut: boolean;
};

/** @throws OutboundError; its cause is for the log */
export type SendOutbound = (request: OutboundRequest, signal: AbortSignal) => Promise<OutboundAnswer>;

export type OutboundParts = {
  /** null: wherever the operator's own settings lead. */
  rule: OutboundRule | null;
  /** Origins that are open whatever the rule says: our own. */
  doors: readonly string[];
  /** Certificates to trust, PEM. */
  ca: readonly string[];
};

/** How long a connection is kept for the next request. */
const KEPT_MS = 4_000;

export type Outbound = { send: SendOutbound; close(): void };

export function openOutbound({ rule, doors, ca }: OutboundParts): Outbound {
  const plain = new http.Agent({ keepAlive: true, timeout: KEPT_MS, maxFreeSockets: 64 });
  const secure = new https.Agent({ keepAlive: true, timeout: KEPT_MS, maxFreeSockets: 64, ca: [...ca] });
  return {
    send: async (request, signal) => {
      const isSecure = request.url.protocol === 'https:';
      const timeout = AbortSignal.timeout(request.timeoutMs);
      const options: RequestOptions = {
        method: request.method,
        agent: isSecure ? secure : plain,
        headers: {
          ...request.headers,
          ...(request.body === null ? {} : { 'content-length': request.body.length }),
        },
        signal: AbortSignal.any([timeout, signal]),
      };
      try {
        if (rule !== null && !doors.includes(request.url.origin))
          options.lookup = await unlessAborted(pinned(request.url, rule), options.signal as AbortSignal);
        return await exchange(isSecure ? https : http, options, request);
      } catch (cause) {
        throw outboundError(cause, timeout.aborted ? request.timeoutMs : null);
      }
    },
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

/** Answers every question for the host with the addresses that were looked at. */
async function pinned(url: URL, rule: OutboundRule): Promise<LookupFunction> {
  const addresses = (await openAddresses(url.hostname.replace(/^\[|\]$/g, ''), rule)).map((address) => ({
    address,
    family: isIPv6(address) ? 6 : 4,
  }));
  const [first] = addresses as [{ address: string; family: number }];
  return (_host, options, done) =>
    options.all === true ? done(null, addresses) : done(null, first.address, first.family);
}

/**
 * A kept connection may have been closed by the other side just then: that request is sent once more, on a
 * new one.
 */
async function exchange(
  client: typeof http | typeof https,
  options: RequestOptions,
  request: OutboundRequest,
): Promise<OutboundAnswer> {
  const first = await attempt(client, options, request);
  if (first !== null) return first;
  const { ca } = (options.agent as https.Agent).options as https.AgentOptions;
  const anew = { ...options, agent: false as const, ...(ca === undefined ? {} : { ca }) };
  return (await attempt(client, anew, request)) as OutboundAnswer;
}

/** @returns null when a kept connection was reset before anything was answered */
function attempt(
  client: typeof http | typeof https,
  options: RequestOptions,
  { url, body, mostBodyBytes }: OutboundRequest,
): Promise<OutboundAnswer | null> {
  return new Promise((resolve, reject) => {
    const sent = client.request(url, options, (answer) => {
      readBody(answer, mostBodyBytes).then((read) => {
        resolve({ status: answer.statusCode as number, headers: answer.headers, ...read });
      }, reject);
    });
    sent.on('error', (error: NodeJS.ErrnoException) =>
      sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
        ? resolve(null)
        : reject(error),
    );
    sent.end(body ?? undefined);
  });
}

async function readBody(
  answer: IncomingMessage,
  mostBytes: number,
): Promise<{ body: string; isCut: boolean }> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    // Leaving the loop closes the connection.
    if (sizeBytes > mostBytes) break;
  }
  return {
    body: Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8'),
    isCut: sizeBytes > mostBytes,
  };
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** @param timeoutMs the time that has run out, or null */
function outboundError(cause: unknown, timeoutMs: number | null): OutboundError {
  if (cause instanceof OutboundError) return cause;
  if (timeoutMs !== null)
    return new OutboundError('timed_out', `no whole answer within ${timeoutMs} ms`, cause);
  const { code, message } = cause as NodeJS.ErrnoException;
  return new OutboundError('unreachable', `the connection failed: ${code ?? message}`, cause);
}
