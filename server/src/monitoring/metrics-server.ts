// `GET /metrics` on a port of its own, which no caller of functions reaches: as Prometheus' text, or as
// OpenMetrics where that is asked for. Knows no token: who reaches the port reads it. Called by
// roles/open-monitoring.ts.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Scrape } from './scrape.ts';

export type MetricsServer = { close(): Promise<void> };

type Options = {
  port: number;
  host: string;
  scrape: Scrape;
  /** Called with why an answer failed. */
  onError(error: unknown): void;
};

const HEAD_TIMEOUT_MS = 5_000;
const MOST_CONNECTIONS = 20;

/** Resolves once it listens. */
export async function openMetricsServer({ port, host, scrape, onError }: Options): Promise<MetricsServer> {
  const server = createServer({ headersTimeout: HEAD_TIMEOUT_MS, requestTimeout: HEAD_TIMEOUT_MS });
  server.maxConnections = MOST_CONNECTIONS;
  server.on('request', (request, response) => {
    answer(scrape, request, response).catch((error: unknown) => {
      onError(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await once(server.listen(port, host), 'listening');
  return {
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(scrape: Scrape, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // It has no body that anyone reads.
  request.resume();
  if (request.url?.split('?', 1)[0] !== '/metrics')
    return refuse(response, 404, 'GET /metrics is all there is');
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(response, 405, 'GET is all there is');
  const { text, contentType } = await scrape(
    request.headers.accept?.includes('application/openmetrics-text') === true,
  );
  response.writeHead(200, { 'content-type': contentType }).end(request.method === 'HEAD' ? '' : text);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(`${message}\n`);
}
