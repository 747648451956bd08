// The inside of a stand-in: a real HTTP and HTTPS server that plays one host of the internet, in a process of
// its own inside the test's namespace. A file in stand-ins/ calls serveStandIn; host-process.ts starts that
// file. What the test asks and sends comes over the process channel, never over the network that the function
// sees.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

/** What a stand-in got. */
export type SeenRequest = {
  method: string;
  /** With the query string. */
  path: string;
  headers: http.IncomingHttpHeaders;
  body: string;
  /** Where the connection came from, as this host sees it. */
  remoteAddress: string;
  isEncrypted: boolean;
};

/** `drop`: the connection is cut without a word, as a failing network does. */
export type StandInAnswer = { status: number; headers?: Record<string, string>; body: string } | 'drop';

export type StandInBehaviour = {
  answer(request: SeenRequest): StandInAnswer;
  /** What the test may ask or send, by name. */
  questions: Record<string, (argument: unknown) => unknown>;
};

/** Handed over on the command line by host-process.ts. */
export type StandInPlace = { address: string; keyFile: string; certFile: string };
export type Question = { seq: number; question: string; argument: unknown };
export type Reply = { seq: number; answer: unknown } | { seq: number; problem: string };
export type StandInMessage = { ready: true } | Reply;

/** Serves ports 80 and 443 until the test process goes away. */
export async function serveStandIn(behaviour: StandInBehaviour): Promise<void> {
  const place = readPlace();
  const listener = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = behaviour.answer(seen(request, Buffer.concat(chunks).toString('utf8')));
      if (answer === 'drop') request.socket.destroy();
      else response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  };
  const tls = { key: readFileSync(place.keyFile), cert: readFileSync(place.certFile) };
  await listening(https.createServer(tls, listener), 443, place.address);
  await listening(http.createServer(listener), 80, place.address);
  answerQuestions(behaviour.questions, () => process.exit(0));
}

/**
 * Says that this host serves, and from now on answers what the test asks. @param end called when the test
 * process goes away
 */
export function answerQuestions(questions: StandInBehaviour['questions'], end: () => void): void {
  process.on('message', (message: Question) => send(reply(questions, message)));
  process.on('disconnect', end);
  send({ ready: true });
}

export function readPlace(): StandInPlace {
  return JSON.parse(process.argv[2] as string) as StandInPlace;
}

function seen(request: http.IncomingMessage, body: string): SeenRequest {
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body,
    remoteAddress: request.socket.remoteAddress ?? '',
    isEncrypted: 'encrypted' in (request.socket as Socket),
  };
}

function reply(questions: StandInBehaviour['questions'], { seq, question, argument }: Question): Reply {
  const answer = questions[question];
  if (answer === undefined) return { seq, problem: `this stand-in knows no question ${question}` };
  return { seq, answer: answer(argument) ?? null };
}

function send(message: StandInMessage): void {
  process.send?.(message);
}

function listening(server: http.Server, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
}
