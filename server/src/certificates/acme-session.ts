// Talks to an authority by ACME (RFC 8555): signed requests with nonces, an account, an order for one name by
// http-01. Believes nothing: only https, each answer bounded in time and size, a bounded number of questions,
// and a certificate counts only if it is for the name and the key. Keeps nothing. Called by
// obtain-certificates.ts.
import {
  createHash,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  sign,
  X509Certificate,
} from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { OutboundAnswer, SendOutbound } from '../http/outbound-request.ts';
import { belongTogether, type TlsIdentity } from '../http/own-certificate.ts';
import { makeCertificateRequest } from './certificate-request.ts';

/** A refusal of the authority's. `type`: as in RFC 8555, 6.7, without its prefix. */
export class AcmeProblem extends Error {
  readonly type: string;
  readonly retryAfterS: number;

  constructor(type: string, message: string, retryAfterS = 0) {
    super(message.replace(/[^\x20-\x7e\u00a0-\uffff]/g, ' ').slice(0, LONGEST_PROBLEM));
    this.name = 'AcmeProblem';
    this.type = type;
    this.retryAfterS = retryAfterS;
  }
}

export type AcmeSession = {
  /** @returns the account's address; one that is there already is found by its key */
  register(email: string | null): Promise<string>;
  /** Orders, is looked at, and takes the certificate for `name`. */
  obtain(account: string, name: string): Promise<IssuedCertificate>;
};

export type IssuedCertificate = TlsIdentity & { validFrom: Date; validTo: Date };

type Parts = { send: SendOutbound; directory: string; key: KeyObject; signal: AbortSignal };
type Answer = { body: Record<string, unknown>; text: string; location: string | null };
type Ask = (url: unknown, payload: object | null, account: string | null) => Promise<Answer>;

const LONGEST_PROBLEM = 500;
const REQUEST_TIMEOUT_MS = 20_000;
const MOST_ANSWER_BYTES = 256 * 1024;
const MOST_NONCES = 5;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const MOST_LOOKS = 30;
const MOST_IN_CHAIN = 10;
const MOST_RETRY_AFTER_S = 86_400;
const PROBLEM_PREFIX = 'urn:ietf:params:acme:error:';

/** RFC 7638. */
export function thumbprintOf(key: KeyObject): string {
  return createHash('sha256')
    .update(JSON.stringify(publicJwk(key)))
    .digest('base64url');
}

export async function openAcmeSession(parts: Parts): Promise<AcmeSession> {
  const directory = objectOf((await exchange(parts, parts.directory, null)).body);
  const ask = createAsk(parts, directory.newNonce);
  return {
    async register(email) {
      const contact = email === null ? {} : { contact: [`mailto:${email}`] };
      const { location } = await ask(directory.newAccount, { termsOfServiceAgreed: true, ...contact }, null);
      return requireText(location, 'the address of the account');
    },
    async obtain(account, name) {
      const order = { identifiers: [{ type: 'dns', value: name }] };
      const ordered = await ask(directory.newOrder, order, account);
      const place = requireText(ordered.location, 'the address of the order');
      const authorizations = ordered.body.authorizations;
      if (!Array.isArray(authorizations) || authorizations.length !== 1)
        throw new Error('the authority asks for more than one proof for one name');
      const look = createLook(ask, account, parts.signal);
      await prove(ask, look, { account, place: authorizations[0] });
      const ready = await look(place, ['ready', 'valid']);
      const { key, request } = makeCertificateRequest(name);
      await ask(ready.finalize, { csr: request.toString('base64url') }, account);
      const valid = await look(place, ['valid']);
      const { text } = await ask(valid.certificate, null, account);
      return takeCertificate(text, key, name);
    },
  };
}

type Look = (place: unknown, wanted: readonly string[]) => Promise<Record<string, unknown>>;

/** Asks until something has one of the wanted states. @throws AcmeProblem where it never will */
function createLook(ask: Ask, account: string, signal: AbortSignal): Look {
  return async (place, wanted) => {
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const { body } = await ask(place, null, account);
      if (wanted.includes(String(body.status))) return body;
      if (!['pending', 'processing', 'ready'].includes(String(body.status))) throw problemIn(body);
      await setTimeout(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** looks), undefined, { signal });
    }
    throw new AcmeProblem('malformed', 'the authority did not come to an end in time');
  };
}

async function prove(
  ask: Ask,
  look: Look,
  { account, place }: { account: string; place: unknown },
): Promise<void> {
  const { body } = await ask(place, null, account);
  if (body.status === 'valid') return;
  const challenges = Array.isArray(body.challenges) ? body.challenges : [];
  const ours = challenges.map(objectOf).find(({ type }) => type === 'http-01');
  if (ours === undefined) throw new AcmeProblem('unauthorized', 'the authority offers no proof by http-01');
  await ask(ours.url, {}, account);
  await look(place, ['valid']);
}

/** What is wrong with an order, or with a proof: that stands in its challenge. */
function problemIn(body: Record<string, unknown>): AcmeProblem {
  const challenges = Array.isArray(body.challenges) ? body.challenges.map(objectOf) : [];
  const found = [body, ...challenges].map(({ error }) => error).find((error) => error !== undefined);
  return found === undefined
    ? new AcmeProblem('unauthorized', `the authority answers: ${String(body.status)}`)
    : problemOf(objectOf(found), 0);
}

function problemOf({ type, detail }: Record<string, unknown>, retryAfterS: number): AcmeProblem {
  const short = String(type ?? '').replace(PROBLEM_PREFIX, '');
  return new AcmeProblem(short, `${short}: ${String(detail ?? 'no reason given')}`, retryAfterS);
}

/** @returns what sends a signed request; null as payload: only reads */
function createAsk(parts: Parts, newNonce: unknown): Ask {
  const jwk = publicJwk(parts.key);
  let nonce: string | null = null;
  const takeNonce = ({ headers }: OutboundAnswer): void => {
    nonce = textOf(headers['replay-nonce']);
  };
  const signed = (url: string, payload: object | null, account: string | null): Buffer => {
    const header = { alg: 'ES256', nonce, url, ...(account === null ? { jwk } : { kid: account }) };
    const protectedPart = base64url(header);
    const payloadPart = payload === null ? '' : base64url(payload);
    const signature = sign('sha256', Buffer.from(`${protectedPart}.${payloadPart}`), {
      key: parts.key,
      dsaEncoding: 'ieee-p1363',
    }).toString('base64url');
    return Buffer.from(JSON.stringify({ protected: protectedPart, payload: payloadPart, signature }));
  };
  return async (given, payload, account) => {
    const url = requireText(given, 'an address');
    for (let tries = 1; ; tries += 1) {
      if (nonce === null) takeNonce(await exchange(parts, requireText(newNonce, 'newNonce'), null));
      const body = signed(url, payload, account);
      nonce = null;
      const answer = await exchange(parts, url, body);
      takeNonce(answer);
      if (answer.status < 300) {
        const isJson = (textOf(answer.headers['content-type']) ?? '').includes('json');
        return {
          body: isJson ? objectOf(answer.body) : {},
          text: answer.body,
          location: textOf(answer.headers.location),
        };
      }
      const problem = problemOf(objectOf(answer.body), retryAfterOf(answer));
      if (problem.type !== 'badNonce' || tries === MOST_NONCES) throw problem;
    }
  };
}

/** @throws Error where the authority is not there, or is out of order: no name's fault */
async function exchange(
  { send, signal }: Parts,
  address: string,
  body: Buffer | null,
): Promise<OutboundAnswer> {
  const url = new URL(address);
  if (url.protocol !== 'https:') throw new Error('the authority names an address without https');
  const answer = await send(
    {
      ...{ method: body === null ? 'GET' : 'POST', url, body },
      headers: { 'content-type': 'application/jose+json', 'user-agent': 'millrace' },
      ...{ timeoutMs: REQUEST_TIMEOUT_MS, mostBodyBytes: MOST_ANSWER_BYTES },
    },
    signal,
  );
  if (answer.isCut) throw new Error('an answer of the authority is too long');
  if (answer.status >= 500 || (body === null && answer.status >= 300))
    throw new Error(`the authority answers ${answer.status} at ${url.host}${url.pathname.slice(0, 100)}`);
  return answer;
}

function takeCertificate(text: string, key: string, name: string): IssuedCertificate {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0 || blocks.length > MOST_IN_CHAIN)
    throw new Error(`the authority answers ${blocks.length} certificates where one and its chain belong`);
  const cert = `${blocks.join('\n')}\n`;
  const certificate = new X509Certificate(blocks[0] as string);
  if (!belongTogether({ cert, key }) || certificate.checkHost(name) === undefined)
    throw new Error('the authority answers a certificate for another name or key');
  const [validFrom, validTo] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  if (!(validTo.getTime() > validFrom.getTime())) throw new Error('the certificate is valid at no time');
  return { cert, key, validFrom, validTo };
}

/** Its members in the order of RFC 7638. */
function publicJwk(key: KeyObject): JsonWebKey {
  const { crv, kty, x, y } = createPublicKey(key).export({ format: 'jwk' });
  return { crv, kty, x, y } as JsonWebKey;
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function retryAfterOf({ headers }: OutboundAnswer): number {
  const seconds = Number(textOf(headers['retry-after']) ?? 0);
  return seconds > 0 ? Math.min(seconds, MOST_RETRY_AFTER_S) : 0;
}

function textOf(value: string | string[] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function requireText(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw new Error(`the authority does not say ${what}`);
}

/** @param value text of JSON, or what was read of it; whatever isn't an object has no members */
function objectOf(value: unknown): Record<string, unknown> {
  const read = typeof value === 'string' ? parsed(value) : value;
  return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
