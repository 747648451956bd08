// How this command asks Millrace: an address below /millrace/v1, the token, JSON back, and refusals in words.
// Retries nothing.
import { CliError } from './cli-error.ts';

export type Access = { server: string; token: string };
export type Question = {
  method: 'GET' | 'POST';
  /** Below /millrace/v1. */
  path: string;
  query: Readonly<Record<string, string>>;
  zip?: Buffer;
};

/** @throws CliError `unreachable`, or with the code that Millrace gives */
export async function ask<Answer>({ server, token }: Access, question: Question): Promise<Answer> {
  if (!URL.canParse(server)) throw new CliError('usage', `--server: ${server} is not an address`);
  const url = new URL(`${server.replace(/\/+$/, '')}/millrace/v1${question.path}`);
  for (const [name, value] of Object.entries(question.query)) url.searchParams.set(name, value);
  const { zip } = question;
  const headers = {
    authorization: `Bearer ${token}`,
    ...(zip === undefined ? {} : { 'content-type': 'application/zip' }),
  };
  const body = zip === undefined ? {} : { body: new Uint8Array(zip) };
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(url, { method: question.method, headers, ...body });
    text = await answer.text();
  } catch (error) {
    const cause = (error as { cause?: unknown }).cause;
    const message = `${url.origin} can't be reached (${cause ?? error}): is --server right?`;
    throw new CliError('unreachable', message, { exitStatus: 2 });
  }
  if (answer.ok) return JSON.parse(text) as Answer;
  throw refusal(answer.status, text);
}

function refusal(status: number, text: string): CliError {
  const exitStatus = status >= 500 ? 2 : 1;
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    return new CliError(error.code, error.message, { exitStatus });
  } catch {
    return new CliError('refused', `status ${status}: ${text.slice(0, 200)}`, { exitStatus });
  }
}
