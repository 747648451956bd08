#!/usr/bin/env node
// The program `millrace`: finds the command, hands it what was given, prints its answer, and ends with 0, 1
// (yours to mend) or 2 (ours). Speaks to Millrace by its public API alone.
import { createMillraceClient } from '@millrace/client';
import { findAccess } from './frame/access.ts';
import { COMMAND_TREE } from './frame/command-tree.ts';
import { findCommand } from './frame/find-command.ts';
import { readArguments } from './frame/read-arguments.ts';
import { errorText, tellError } from './frame/show-error.ts';
import { commandHelp, nounHelp, rootHelp } from './frame/show-help.ts';
import { openTerminal, type Terminal, withoutControls } from './frame/terminal.ts';
import { VERSION } from './version.ts';

const args = process.argv.slice(2);
// Before the options are read: what is wrong with them is said as JSON, too.
const terminal = openTerminal(process, args.includes('--json'));
let url: string | null = null;
/** Of the command that is given. */
let help = 'millrace --help';

// A reader that goes away (`| head`) ends us, and is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

run(terminal).catch((error: unknown) => {
  const told = tellError(error, url, help);
  const text = terminal.asJson
    ? JSON.stringify({ error: told.error })
    : errorText(told, (style, part) => (process.stderr.isTTY ? terminal.paint(style, part) : part));
  // It holds what a server said.
  process.stderr.write(`${process.stderr.isTTY && !terminal.asJson ? withoutControls(text) : text}\n`);
  process.exitCode = told.exitStatus;
});

async function run(terminal: Terminal): Promise<void> {
  const [first] = args;
  // The scripts of `millrace completion` ask like this.
  if (first === 'complete') {
    const { complete } = await import('./commands/completion.ts');
    return await complete(args.slice(args.indexOf('--') + 1));
  }
  if (first === '--version' || first === '-v') return terminal.print(VERSION);
  const found = await findCommand(first === 'help' ? args.slice(1) : args);
  if (found.kind === 'root') return terminal.print(rootHelp(COMMAND_TREE));
  if (found.kind === 'noun') return terminal.print(nounHelp(found.word, found.about, found.verbs));
  const { path, command, rest } = found;
  help = `millrace ${path.join(' ')} --help`;
  const { options, operands } = readArguments(path, command, first === 'help' ? ['--help'] : rest);
  if (options.help === true) return terminal.print(commandHelp(path, command));
  const access = async () => {
    const wanted = { profile: options.profile as string | undefined, url: options.url as string | undefined };
    const found = findAccess(wanted, process.env);
    url = found.url;
    return found;
  };
  const client = async () => createMillraceClient({ ...(await access()), headers: { 'user-agent': AGENT } });
  const answer = await command.run({ options: options as never, operands, terminal, access, client });
  if (answer === undefined) return;
  terminal.print(terminal.asJson ? JSON.stringify(answer.data, null, 2) : answer.text);
  if (answer.exitStatus === 1) process.exitCode = 1;
}

const AGENT = `millrace/${VERSION}`;
