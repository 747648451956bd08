// How imports ask Millrace, by the addresses of dialects, too: the token, JSON back, and refusals in words,
// whichever envelope they come in. Retries nothing.
import { CliError } from './cli-error.ts';

export type Access = { server: string; token: string };
export type Question = {
  method: 'GET' | 'POST';
  path: string;
  query: Readonly<Record<string, string>>;
  /** One of these at most. */
  zip?: Buffer;
  json?: string;
  form?: FormData;
};

/** @throws CliError `unreachable`, or with the code that Millrace gives */
export async function ask<Answer>({ server, token }: Access, question: Question): Promise<Answer> {
  if (!URL.canParse(server)) throw new CliError('usage', `--server: ${server} is not an address`);
  const url = new URL(`${server.replace(/\/+$/, '')}${question.path}`);
  for (const [name, value] of Object.entries(question.query)) url.searchParams.set(name, value);
  const { zip, json, form } = question;
  const headers = {
    authorization: `Bearer ${token}`,
    ...(zip === undefined ? {} : { 'content-type': 'application/zip' }),
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const sent = zip === undefined ? (json ?? form) : new Uint8Array(zip);
  const body = sent === undefined ? {} : { body: sent };
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(url, { method: question.method, headers, ...body, redirect: 'manual' });
    text = await answer.text();
  } catch (error) {
    const cause = (error as { cause?: unknown }).cause;
    const message = `${url.origin} can't be reached (${cause ?? error}): is --server right?`;
    throw new CliError('unreachable', message, { exitStatus: 2 });
  }
  if (!answer.ok) throw refusal(answer.status, text);
  try {
    return JSON.parse(text) as Answer;
  } catch {
    throw refusal(answer.status, text);
  }
}

/** @returns the answer as it comes. @throws as {@link ask} does */
export async function download(
  { server, token }: Access,
  { place, accept }: { place: string; accept: string },
): Promise<Buffer> {
  const headers = { authorization: `Bearer ${token}`, accept };
  const answer = await fetch(`${server}${place}`, { headers, redirect: 'manual' }).catch((error: Error) => {
    throw new CliError('unreachable', `${server} can't be reached: ${error.cause ?? error}`, {
      exitStatus: 2,
    });
  });
  const content = Buffer.from(await answer.arrayBuffer());
  if (answer.ok) return content;
  throw refusal(answer.status, content.toString());
}

type Refused = {
  error: { code: string; message?: string; problems?: { field: string; rule: string }[] };
  message?: string;
};

function refusal(status: number, text: string): CliError {
  const exitStatus = status >= 500 ? 2 : 1;
  try {
    const { error, message } = JSON.parse(text) as Refused;
    const problems = (error.problems ?? []).map((one) => `\n  ${one.field}: ${one.rule}`);
    return new CliError(error.code, `${error.message ?? message}${problems.join('')}`, { exitStatus });
  } catch {
    return new CliError('refused', `status ${status}: ${text.slice(0, 200)}`, { exitStatus });
  }
}
