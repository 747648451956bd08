// Makes the HTTP server that every public route hangs on. Decides limits and time-outs; knows no route but
// the answer to unknown ones. Trusts no proxy but those named. Hardly anything here runs per request: the
// invoke path is hot. Called by roles/.
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { fail } from '../errors/failure.ts';
import { answerChallenges, type Challenges } from './answer-challenges.ts';
import { answerFailures, requireAddress, sendFailure } from './answer-failures.ts';
import { trustedProxies } from './client-address.ts';
import { type ConsoleHost, keepConsoleHost } from './console-host.ts';
import { continueAdmitted } from './continue-admitted.ts';
import { type FailureRenderer, renderPlainFailure } from './failure-renderer.ts';
import { keepTurns } from './heavy-turns.ts';
import { holdAnswers } from './hold-answers.ts';
import { knowAllMethods } from './known-addresses.ts';
import { type NoteChange, noteChanges } from './note-changes.ts';
import { setOwnHeaders } from './own-answer-headers.ts';
import { refuseClient, refuseConnect } from './refuse-client.ts';
import { type AccountOfHost, readHosts } from './request-host.ts';
import { keepOwners } from './request-owner.ts';
import { withoutAuthority } from './request-target.ts';
import { ALL_SERVED, keepServed, type ServedAccounts } from './served-accounts.ts';

export type HttpServerOptions = {
  log: Logger;
  /** Largest body that a route takes if it doesn't say otherwise. */
  bodyLimitBytes: number;
  /** Addresses and CIDRs of proxies whose X-Forwarded-For is believed. */
  trustedProxies?: readonly string[];
  /** Largest request head (request line and headers). */
  maxHeaderBytes?: number;
  /** How long a request's head may take to arrive, against slowloris. */
  headersTimeoutMs?: number;
  /** How long a whole request may take to arrive: an upload over a slow line fits in. */
  requestTimeoutMs?: number;
  /** The envelope for requests so malformed that no route is found for them, by the path they begin with. */
  envelopes?: readonly { prefix: string; render: FailureRenderer }[];
  /**
   * The path and query that a request is served under, of those that it came with. Runs for every request.
   */
  rewriteUrl?: (url: string) => string;
  /** Refuses a request of an address that sends too many. Runs for every one, before the rest. */
  pace?: (request: FastifyRequest) => void;
  /** Whose a host is. Runs for every request. */
  accountOfHost?: AccountOfHost;
  /** Looks of an authority of certificates; unset: none comes. */
  challenges?: Challenges;
  /** The host on which people are signed in, and what answers its pages. */
  consoleHost?: ConsoleHost;
  /** Which accounts are served. Asked for every request. */
  served?: ServedAccounts;
  /** Resolves when what was changed before has been taken in here. */
  settled?: () => Promise<void>;
  /** Notes what was changed, before it is answered. */
  noteChange?: NoteChange;
};

/** Of every port of ours. */
export const MAX_HEADER_BYTES = 16 * 1024;
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 300_000;
/** Node looks for overdue requests at most this far apart. */
const OVERDUE_CHECK_MS = 5_000;
/** Longest path parameter: an id, with room to spare. */
const MAX_PARAM_LENGTH = 200;

/** @returns a server without routes that doesn't listen yet */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const { log, envelopes = [], headersTimeoutMs = HEADERS_TIMEOUT_MS, rewriteUrl = (url) => url } = options;
  const { pace = () => {} } = options;
  const server = fastify({
    logger: false,
    trustProxy: trustedProxies(options.trustedProxies ?? []),
    requestIdHeader: false,
    rewriteUrl: (request) => rewriteUrl(withoutAuthority(request)),
    bodyLimit: options.bodyLimitBytes,
    requestTimeout: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    http: {
      requireHostHeader: false,
      maxHeaderSize: options.maxHeaderBytes ?? MAX_HEADER_BYTES,
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: Math.min(OVERDUE_CHECK_MS, headersTimeoutMs),
    },
    frameworkErrors: (error, request, reply) => {
      const render = envelopes.find(({ prefix }) => request.url.startsWith(prefix))?.render;
      return void sendFailure({ log, render: render ?? renderPlainFailure, error }, request, reply);
    },
    clientErrorHandler: (error, socket) => refuseClient(log, error, socket),
  });
  server.addHook('onRequest', (request, _reply, done) => {
    requireSoundHead(request);
    pace(request);
    done();
  });
  setOwnHeaders(server);
  if (options.noteChange !== undefined) noteChanges(server, options.noteChange);
  if (options.settled !== undefined) holdAnswers(server, options.settled);
  readHosts(server, options.accountOfHost ?? (() => null));
  if (options.challenges !== undefined) answerChallenges(server, options.challenges);
  if (options.consoleHost !== undefined) keepConsoleHost(server, options.consoleHost);
  server.addHook('onRequest', (request, _reply, done) => {
    requireAddress(request);
    done();
  });
  keepServed(server, options.served ?? ALL_SERVED);
  server.server.on('checkExpectation', (request, response) =>
    server.server.emit('request', request, response),
  );
  server.server.on('connect', (_request, socket) => refuseConnect(log, socket));
  continueAdmitted(server);
  keepOwners(server);
  keepTurns(server);
  knowAllMethods(server);
  answerFailures(server, log, renderPlainFailure);
  return server;
}

/** Node would refuse these itself, with no body: here they get the envelope of the address that they name. */
function requireSoundHead(request: FastifyRequest): void {
  const { host, expect } = request.headers;
  if (host === undefined && request.raw.httpVersion === '1.1') {
    fail('invalid_input', {
      message: 'the request has no Host header, which HTTP/1.1 demands',
      field: 'Host',
    });
  }
  if (request.raw.httpVersion === '1.0' && request.headers['transfer-encoding'] !== undefined) {
    fail('invalid_input', {
      message: 'HTTP/1.0 knows no Transfer-Encoding: send the body with a Content-Length',
      field: 'Transfer-Encoding',
    });
  }
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    fail('invalid_input', { message: 'Expect: only 100-continue is understood here', field: 'Expect' });
  }
}
