// `millrace completion`: the script by which a shell completes commands and options; and, called by that
// script, what fits.
import tab from '@bomb.sh/tab';
import { CliError } from '../cli-error.ts';
import type { Command } from '../frame/command.ts';
import { defineCommand } from '../frame/command.ts';
import { COMMAND_TREE } from '../frame/command-tree.ts';
import { COMMON_OPTIONS } from '../frame/read-arguments.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

export const command = defineCommand({
  about: 'The script that completes commands: bash, zsh, fish or powershell',
  example: 'millrace completion bash >> ~/.bashrc',
  operands: [{ name: 'shell', about: SHELLS.join(', ') }],
  async run({ operands: { shell = '' }, terminal }) {
    if (!SHELLS.some((one) => one === shell)) {
      throw new CliError('usage', `${shell} is none of ${SHELLS.join(', ')}`, {
        next: 'millrace completion bash',
      });
    }
    const lines: string[] = [];
    const { log } = console;
    // The library prints; with `--json` it stands in the answer.
    console.log = (text: string) => void lines.push(text);
    try {
      tab.setup('millrace', 'millrace', shell);
    } finally {
      console.log = log;
    }
    const script = shell === 'bash' ? forAnyBash(lines.join('\n')) : lines.join('\n');
    return { data: { shell, script }, text: terminal.asJson ? '' : script };
  },
});

/** Read a second time by the same shell, and where there is no package bash-completion, as on macOS. */
function forAnyBash(script: string): string {
  const words = '_get_comp_words_by_ref -n "=:" cur prev words cword';
  const own = `words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD cur="\${COMP_WORDS[COMP_CWORD]}"`;
  return script
    .replace(/^readonly /gm, '')
    .replace(words, `if declare -F _get_comp_words_by_ref > /dev/null; then ${words}; else ${own}; fi`);
}

/** @param words what stands behind `millrace` so far */
export async function complete(words: string[]): Promise<void> {
  for (const [word, branch] of Object.entries(COMMAND_TREE)) {
    tab.command(word, branch.about);
    // What isn't typed needs no loading.
    if (word !== words[0]) continue;
    const file = await branch.load();
    if ('command' in file) describe(word, file.command);
    else for (const [verb, command] of Object.entries(file.verbs)) describe(`${word} ${verb}`, command);
  }
  tab.parse(words);
}

function describe(path: string, { about, options }: Command): void {
  const described = tab.command(path, about);
  for (const [name, { about: option, short }] of Object.entries({
    ...options,
    ...COMMON_OPTIONS,
  } as NonNullable<Command['options']>)) {
    if (short === undefined) described.option(name, option);
    else described.option(name, option, short);
  }
}
