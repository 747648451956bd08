// Answers the console's own pages and files, at the console's host: a file of the build where the path is
// one, the console's one page everywhere else, since the page itself reads from its address what it shows;
// and below /docs the manual's pages.
// Asks no database and knows nobody: what a page shows comes from the API. Made by roles/, called by
// http/console-host.ts.
import { createReadStream } from 'node:fs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fail } from '../errors/failure.ts';
import type { BuiltFile, BuiltPages, Encoding } from './built-pages.ts';
import { fileHeaders, manualHeaders, pageHeaders } from './page-headers.ts';
import { type BuildState, waitingPage } from './waiting-page.ts';

type Parts = {
  /** Null: there is no build yet. */
  pages(): BuiltPages | null;
  /** Of the manual; its index says that there is no such page. */
  manual(): BuiltPages | null;
  buildState(): BuildState;
  consoleUrl: string;
  portalOrigins: readonly string[];
};
export type AnswerPage = (request: FastifyRequest, reply: FastifyReply) => void;

const ASSETS = '/assets/';
const MANUAL = /^\/docs(\/|$)/;
const FOREVER = 'public, max-age=31536000, immutable';

export function createPageAnswers(parts: Parts): AnswerPage {
  return (request, reply) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      fail('not_found', { message: 'only the console and the API of Millrace are served at this host' });
    }
    const path = request.url.split('?', 1)[0] as string;
    if (MANUAL.test(path)) {
      answerManual(parts, path, { request, reply });
      return;
    }
    const built = parts.pages();
    if (built === null) {
      answerMeanwhile(parts, path, reply);
      return;
    }
    const file = built.files.get(path);
    if (file === undefined && path.startsWith(ASSETS)) {
      fail('not_found', { message: 'the console has no such file: it was built anew, load the page again' });
    }
    const isPage = file === undefined || file === built.index;
    reply.headers(isPage ? pageHeaders(path, parts) : fileHeaders(parts.consoleUrl));
    send(file ?? built.index, request, reply);
  };
}

type Asked = { request: FastifyRequest; reply: FastifyReply };

/** Pages have addresses without an ending. */
function answerManual(parts: Parts, path: string, { request, reply }: Asked): void {
  const built = parts.manual();
  if (built === null) {
    answerMeanwhile(parts, path, reply);
    return;
  }
  const plain = path.replace(/\/+$/, '');
  const file = built.files.get(plain) ?? built.files.get(`${plain}.html`);
  reply.headers(manualHeaders(parts.consoleUrl));
  if (file === undefined) reply.code(404);
  send(file ?? built.index, request, reply);
}

function answerMeanwhile(parts: Parts, path: string, reply: FastifyReply): void {
  const state = parts.buildState();
  reply.headers({ ...pageHeaders(path, parts), 'cache-control': 'no-store' });
  if (state.state === 'building') reply.header('retry-after', '2');
  void reply.code(503).type('text/html; charset=utf-8').send(waitingPage(state));
}

function send({ forms, isHashed, tag, type }: BuiltFile, request: FastifyRequest, reply: FastifyReply): void {
  const encoding = bestEncoding(request.headers['accept-encoding'] ?? '', forms);
  const form = forms[encoding];
  if (form === undefined) throw new Error(`the build has no ${encoding} form of a file`);
  // Another form is another answer to a cache.
  const ownTag = encoding === 'identity' ? tag : tag.replace(/"$/, `-${encoding}"`);
  reply.headers({
    'content-type': type,
    'cache-control': isHashed ? FOREVER : 'no-cache',
    vary: 'accept-encoding',
    etag: ownTag,
  });
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  if (request.headers['if-none-match'] === ownTag) {
    void reply.code(304).send();
    return;
  }
  reply.header('content-length', form.sizeBytes);
  if (request.method === 'HEAD') void reply.send();
  else void reply.send(createReadStream(form.file));
}

/** The smallest that the client takes; what it gives less than all weight counts as taken. */
function bestEncoding(accepted: string, forms: BuiltFile['forms']): Encoding {
  const taken = new Set(
    accepted
      .toLowerCase()
      .split(',')
      .map((one) => one.trim())
      .filter((one) => !/;\s*q=0(\.0*)?$/.test(one))
      .map((one) => one.split(';', 1)[0]),
  );
  for (const encoding of ['br', 'gzip'] as const) {
    if (taken.has(encoding) && forms[encoding] !== undefined) return encoding;
  }
  return 'identity';
}
