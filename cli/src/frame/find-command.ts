// Which command a command line names. Words that lead nowhere are refused with the nearest ones. Pure but for
// the loading of the command's file.
import { CliError } from '../cli-error.ts';
import type { Command } from './command.ts';
import { type Branch, COMMAND_TREE } from './command-tree.ts';
import { nearestOf } from './nearest.ts';

export type Found =
  /** @param rest what follows the command's words */
  | { kind: 'command'; path: string[]; command: Command; rest: string[] }
  | { kind: 'noun'; word: string; about: string; verbs: Record<string, Command> }
  | { kind: 'root' };

/** @throws CliError `unknown_command`; `usage` for an option where a word is to be */
export async function findCommand(
  args: readonly string[],
  tree: Readonly<Record<string, Branch>> = COMMAND_TREE,
): Promise<Found> {
  const [word, ...rest] = args;
  if (word === undefined || isHelp(word, '')) return { kind: 'root' };
  const branch = Object.hasOwn(tree, word) ? tree[word] : undefined;
  if (branch === undefined) throw unknown(word, Object.keys(tree), '');
  const file = await branch.load();
  if ('command' in file) return { kind: 'command', path: [word], command: file.command, rest };
  const [verb, ...further] = rest;
  if (verb === undefined || isHelp(verb, `${word} `)) {
    return { kind: 'noun', word, about: branch.about, verbs: file.verbs };
  }
  const command = Object.hasOwn(file.verbs, verb) ? file.verbs[verb] : undefined;
  if (command === undefined) throw unknown(verb, Object.keys(file.verbs), `${word} `);
  return { kind: 'command', path: [word, verb], command, rest: further };
}

/** @throws CliError `usage`: another option before the words would be passed over in silence */
function isHelp(word: string, before: string): boolean {
  if (word === '--help' || word === '-h') return true;
  if (!word.startsWith('-')) return false;
  throw new CliError('usage', `${word} stands behind the command`, {
    next: `millrace ${before}<command> ${word}`,
  });
}

function unknown(word: string, known: readonly string[], before: string): CliError {
  const near = nearestOf(word, known);
  const message = `there is no command "millrace ${before}${word}"`;
  const next = near === undefined ? `millrace ${before}--help` : `millrace ${before}${near}`;
  return new CliError('unknown_command', message, { next });
}
