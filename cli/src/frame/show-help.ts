// What `--help` shows: of everything, of a noun, of a command. Pure.
import type { Command, Option, Options } from './command.ts';
import type { Branch } from './command-tree.ts';
import { COMMON_OPTIONS } from './read-arguments.ts';

export function rootHelp(tree: Readonly<Record<string, Branch>>): string {
  return [
    'millrace: functions on your own machines',
    '',
    'usage: millrace <command> [options]',
    '',
    ...columns(Object.entries(tree).map(([word, { about }]) => [word, about])),
    '',
    'A day with it: millrace login, millrace init, millrace deploy, millrace logs -f',
    'Every command has --help, with an example, and --json.',
  ].join('\n');
}

export function nounHelp(word: string, about: string, verbs: Record<string, Command>): string {
  return [
    `millrace ${word}: ${about}`,
    '',
    ...columns(
      Object.entries(verbs).map(([verb, command]) => [usageOf([word, verb], command), command.about]),
    ),
  ].join('\n');
}

export function commandHelp(path: readonly string[], command: Command): string {
  const operands = (command.operands ?? []).map(({ name, about }) => [`<${name}>`, about] as const);
  return [
    command.about,
    '',
    `usage: ${usageOf(path, command)} [options]`,
    ...(operands.length === 0 ? [] : ['', ...columns(operands)]),
    ...(command.options === undefined ? [] : ['', ...columns(optionRows(command.options))]),
    '',
    ...columns(optionRows(COMMON_OPTIONS)),
    '',
    `example: ${command.example}`,
  ].join('\n');
}

export function usageOf(path: readonly string[], { operands = [] }: Command): string {
  const named = operands.map(({ name, optional }) => (optional ? `[${name}]` : `<${name}>`));
  return ['millrace', ...path, ...named].join(' ');
}

export function optionRows(options: Options): (readonly [string, string])[] {
  return Object.entries(options).map(([name, option]) => [optionName(name, option), option.about]);
}

function optionName(name: string, { short, value, type }: Option): string {
  const takes = type === 'boolean' ? '' : ` <${value ?? 'text'}>`;
  return `${short === undefined ? '' : `-${short}, `}--${name}${takes}`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`);
}
