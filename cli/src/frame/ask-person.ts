// What a person is asked, and where a text comes from that must not stand among the arguments: a prompt, a
// file, or standard input. The prompts are loaded when one is shown.
import { readFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { CliError } from '../cli-error.ts';
import type { Terminal } from './terminal.ts';

type Source = { from: string | undefined; question: string };

/**
 * @param from a file, or `-` for standard input; left out: standard input where that is no terminal, a prompt
 * otherwise
 * @throws CliError `no_input`
 */
export async function readSecretText(terminal: Terminal, { from, question }: Source): Promise<string> {
  if (from !== undefined && from !== '-') return readFileText(from);
  if (from === '-' || !terminal.isInteractive) {
    const given = process.stdin.isTTY ? '' : await readAll(process.stdin);
    const line = given.replace(/\r?\n$/, '');
    if (line !== '') return line;
    throw new CliError('no_input', `${question}: nothing came on standard input`, {
      next: 'give it on standard input, or name a file: --from <file>',
    });
  }
  const { password, isCancel } = await import('@clack/prompts');
  const answer = await password({ message: question });
  if (isCancel(answer)) throw new CliError('cancelled', 'nothing was done');
  return answer;
}

export async function askText(terminal: Terminal, question: string, usual: string): Promise<string> {
  if (!terminal.isInteractive) return usual;
  const { text, isCancel } = await import('@clack/prompts');
  const answer = await text({ message: question, defaultValue: usual, placeholder: usual });
  if (isCancel(answer)) throw new CliError('cancelled', 'nothing was done');
  return answer;
}

/** @param isSure `--yes` @throws CliError `not_confirmed` */
export async function confirm(terminal: Terminal, question: string, isSure: boolean): Promise<void> {
  if (isSure) return;
  if (!terminal.isInteractive) throw new CliError('not_confirmed', question, { next: 'add --yes' });
  const { confirm: ask } = await import('@clack/prompts');
  if ((await ask({ message: question })) !== true) throw new CliError('cancelled', 'nothing was done');
}

/** @throws CliError `no_file` */
export function readFileText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError('no_file', `${file} can't be read: ${(error as Error).message}`);
  }
}
