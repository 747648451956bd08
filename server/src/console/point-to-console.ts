// GET / on the installation's own address: says to a browser where the console is. /docs leads to the manual,
// which is at the console's host. Programs are refused as at
// any address that isn't served, and so is every caller at a host that belongs to an account: what stands
// there is the account's own. Called by roles/.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail } from '../errors/failure.ts';
import { requireHostFor } from '../http/request-host.ts';
import { messagePage } from './message-page.ts';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

export function pointToConsole(server: FastifyInstance, consoleUrl: string): void {
  server.get('/', { config: { permit: 'anyone' } }, async (request, reply) => {
    requireHostFor(request, '');
    if (!asksForPage(request)) fail('not_found', { message: `nothing is served at ${request.method} /` });
    return await reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', POLICY)
      .send(
        messagePage({
          title: 'Millrace is running',
          text: `<p>The console is at <a href="${consoleUrl}">${consoleUrl}</a>, the manual at
<a href="${consoleUrl}/docs">${consoleUrl}/docs</a>.</p>`,
          refreshS: null,
        }),
      );
  });
  for (const url of ['/docs', '/docs/*']) {
    server.get(url, { config: { permit: 'anyone' } }, async (request, reply) => {
      requireHostFor(request, '');
      return await reply.redirect(`${consoleUrl}${request.url}`, 307);
    });
  }
}

function asksForPage({ headers }: FastifyRequest): boolean {
  return (headers.accept ?? '').includes('text/html');
}
