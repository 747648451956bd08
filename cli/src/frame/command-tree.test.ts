// Every command that there is: what holds for all of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from './command.ts';
import { COMMAND_TREE } from './command-tree.ts';
import { findCommand } from './find-command.ts';
import { readArguments } from './read-arguments.ts';
import { commandHelp } from './show-help.ts';

const all: { path: string[]; command: Command }[] = [];
for (const [word, { load }] of Object.entries(COMMAND_TREE)) {
  const file = await load();
  if ('command' in file) all.push({ path: [word], command: file.command });
  else for (const [verb, command] of Object.entries(file.verbs)) all.push({ path: [word, verb], command });
}

/** As a shell does it, of quotes and of what goes to files. */
function wordsOf(line: string): string[] {
  const [command = ''] = line.split(/ (?:<|>>?) /);
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
}

for (const { path, command } of all) {
  const name = path.join(' ');
  test(`millrace ${name} has an example that is read, and is found by its words`, async () => {
    const [program, ...words] = wordsOf(command.example);
    assert.equal(program, 'millrace');
    const found = await findCommand(words);
    assert.ok(found.kind === 'command' && found.command === command);
    readArguments(path, command, found.rest);
    assert.match(commandHelp(path, command), new RegExp(`usage: millrace ${name}`));
  });

  test(`millrace ${name} refuses an option that there isn't`, () => {
    assert.throws(() => readArguments(path, command, ['--dry-rnu']), { code: 'usage' });
    assert.throws(() => readArguments(path, command, ['--jsno']), { message: /did you mean --json\?/ });
  });
}

test('a word that leads nowhere is refused with the nearest one', async () => {
  await assert.rejects(findCommand(['functons']), { code: 'unknown_command', next: 'millrace functions' });
  await assert.rejects(findCommand(['runs', 'lsit']), { next: 'millrace runs list' });
  await assert.rejects(findCommand(['toString']), { next: 'millrace --help' });
});

test('an option before the command is refused, and is no call for help', async () => {
  const next = 'millrace <command> --json';
  await assert.rejects(findCommand(['--json', 'runs', 'list']), { code: 'usage', next });
  await assert.rejects(findCommand(['runs', '--json', 'list']), { code: 'usage' });
  assert.equal((await findCommand(['--help'])).kind, 'root');
  assert.equal((await findCommand(['runs', '-h'])).kind, 'noun');
});
