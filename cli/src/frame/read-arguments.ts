// Reads what follows a command's words: its options, those that every command has, and its operands. Strict:
// an option that isn't there is refused, `--dry-rnu` deploys nothing.
import { parseArgs } from 'node:util';
import { CliError } from '../cli-error.ts';
import type { Command, Operand, Options } from './command.ts';
import { nearestOf } from './nearest.ts';

/** Those that every command has. */
export const COMMON_OPTIONS = {
  json: { type: 'boolean', about: 'the answer as JSON' },
  profile: { type: 'string', value: 'name', about: 'of the installations that you are signed in to' },
  url: { type: 'string', value: 'address', about: 'of Millrace, in place of the profile’s' },
  help: { type: 'boolean', short: 'h', about: 'what the command does, with an example' },
} as const satisfies Options;

export type ReadArguments = {
  options: Record<string, string | boolean | string[] | undefined>;
  operands: Record<string, string>;
};

/** @throws CliError `usage` */
export function readArguments(path: readonly string[], command: Command, args: string[]): ReadArguments {
  const help = `millrace ${path.join(' ')} --help`;
  const options = Object.fromEntries(
    Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(([name, { type, ...one }]) => {
      const { short, multiple } = one as { short?: string; multiple?: boolean };
      return [name, { type, ...(short && { short }), ...(multiple && { multiple }) }];
    }),
  );
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's advice, about what begins with a dash, is of no use to those who mistyped an option.
    const [message = ''] = (error as Error).message.split('. To specify a positional');
    const [, mistyped] = /^Unknown option '--([^'=]+)/.exec(message) ?? [];
    const near = mistyped === undefined ? undefined : nearestOf(mistyped, Object.keys(options));
    const hint = near === undefined ? '' : `; did you mean --${near}?`;
    throw new CliError('usage', `${message}${hint}`, { next: help });
  }
  const values = parsed.values as ReadArguments['options'];
  const operands = values.help === true ? {} : nameOperands(command.operands ?? [], parsed.positionals, help);
  return { options: values, operands };
}

function nameOperands(
  wanted: readonly Operand[],
  given: readonly string[],
  help: string,
): Record<string, string> {
  const missing = wanted.filter(({ optional }, index) => !optional && given[index] === undefined);
  if (missing.length > 0) {
    const names = missing.map(({ name, about }) => `<${name}> (${about})`).join(', ');
    throw new CliError('usage', `missing: ${names}`, { next: help });
  }
  const surplus = given.slice(wanted.length);
  if (surplus.length > 0) throw new CliError('usage', `too much: ${surplus.join(' ')}`, { next: help });
  return Object.fromEntries(
    wanted.flatMap(({ name }, index) => (given[index] === undefined ? [] : [[name, given[index]]])),
  );
}
