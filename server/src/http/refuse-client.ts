// Answers what never becomes a request with a route: bytes that aren't HTTP, a head over the limit or too
// slow, and CONNECT. Speaks on the bare connection, which is of no use afterwards. Called by
// open-http-server.ts.
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { Failure } from '../errors/failure.ts';
import { renderPlainFailure } from './failure-renderer.ts';
import { type FailedRequest, reportFailure } from './report-failure.ts';

const CLIENT_ERROR_STATUS: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};
const NO_REQUEST: FailedRequest = { method: '-', url: '-' };

/** For what Node's parser gives up on. */
export function refuseClient(log: Logger, error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const statusCode = CLIENT_ERROR_STATUS[error.code ?? ''] ?? 400;
  const refusal = Object.assign(new Error(error.message, { cause: error }), {
    code: 'FST_CLIENT',
    statusCode,
  });
  const { failure, reference } = reportFailure(log, refusal, NO_REQUEST);
  endWith(socket, { status: statusCode, headers: '', body: renderPlainFailure(failure, reference).body });
}

/** For CONNECT: what it names is an address elsewhere, and this is no proxy. */
export function refuseConnect(log: Logger, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  const refusal = new Failure('method_not_allowed', { message: 'CONNECT is not served: this is no proxy' });
  const { failure, reference } = reportFailure(log, refusal, { ...NO_REQUEST, method: 'CONNECT' });
  const { status, body } = renderPlainFailure(failure, reference);
  endWith(socket, { status, headers: 'Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n', body });
}

function endWith(socket: Duplex, answer: { status: number; headers: string; body: unknown }): void {
  const body = JSON.stringify(answer.body);
  socket.end(
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n${answer.headers}` +
      `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Connection: close\r\n\r\n${body}`,
  );
}
