// The reference of all commands, as `docs/cli.md` has it: made of the commands themselves. Called by
// scripts/check-cli.ts.
import type { Command } from './src/frame/command.ts';
import { COMMAND_TREE } from './src/frame/command-tree.ts';
import { COMMON_OPTIONS } from './src/frame/read-arguments.ts';
import { optionRows, usageOf } from './src/frame/show-help.ts';

export async function commandReference(): Promise<string> {
  const parts: string[] = [];
  for (const [word, { about, load }] of Object.entries(COMMAND_TREE)) {
    const file = await load();
    if ('command' in file) parts.push(`### ${word}\n`, ...describe([word], file.command));
    else {
      parts.push(`### ${word}\n`, `${about}.\n`);
      for (const [verb, command] of Object.entries(file.verbs))
        parts.push(...describe([word, verb], command));
    }
  }
  return ['### Options of every command\n', optionTable(COMMON_OPTIONS), ...parts].join('\n');
}

function describe(path: readonly string[], command: Command): string[] {
  const { about, example, options, operands = [] } = command;
  const taken = operands.map(({ name, about: operand }) => `\`${name}\`: ${operand}`);
  return [
    `\`${usageOf(path, command)}\`\\\n${about}.${taken.length === 0 ? '' : `\\\n${taken.join('. ')}.`}\\`,
    `Example: \`${example}\`\n`,
    ...(options === undefined ? [] : [optionTable(options)]),
  ];
}

function optionTable(options: Parameters<typeof optionRows>[0]): string {
  const rows = optionRows(options).map(([name, about]) => `| \`${name}\` | ${about} |`);
  return `${['| | |', '|---|---|', ...rows].join('\n')}\n`;
}
