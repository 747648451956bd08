// The code blocks of a page, each with what it is to a reader: commands to run, the answer to the commands
// before it, a file to save, or something that can't be run here, with the reason. Pure. Called by
// check-docs.ts, which demands that every block is one of these, and by
// server/test/promises/docs-run.test.ts, which runs them.
//
// What a block is follows from its language and from an HTML comment on the line above it:
//   ```sh                           commands, run in order, one session a page
//   <!-- refused -->                ... of which one is answered with an error
//   ```json, ```http, ```text       the answer, where the block before it is commands
//   <!-- file: index.js -->         saved under this name in the session's folder
//   <!-- not run: needs a mail server -->

export type DocBlock = {
  /** Line of the opening fence, from 1. */
  line: number;
  language: string;
  text: string;
} & (
  | { kind: 'commands'; refused: boolean }
  | { kind: 'answer' }
  | { kind: 'file'; name: string }
  | { kind: 'not run'; reason: string }
  | { kind: 'unmarked' }
);

const BLOCK = /^(?:<!-- (.+?) -->\n+)?```(\S*)\n([\s\S]*?)^```$/gm;
const ANSWERS = ['json', 'http', 'text'];

/** @returns all blocks, in order */
export function docBlocks(markdown: string): DocBlock[] {
  const blocks: DocBlock[] = [];
  for (const { index, 0: whole, 1: mark = '', 2: language = '', 3: text = '' } of markdown.matchAll(BLOCK)) {
    const fence = index + whole.indexOf('```');
    const line = markdown.slice(0, fence).split('\n').length;
    blocks.push({ line, language, text, ...kindOf(mark, language, blocks.at(-1)) });
  }
  return blocks;
}

type Kind = DocBlock extends infer B
  ? B extends DocBlock
    ? Omit<B, 'line' | 'language' | 'text'>
    : never
  : never;

function kindOf(mark: string, language: string, before: DocBlock | undefined): Kind {
  const [, word, rest = ''] = /^(not run|file|refused)(?:: *(.+))?$/.exec(mark) ?? [];
  if (word === 'not run' && rest !== '') return { kind: 'not run', reason: rest };
  if (word === 'file') return { kind: 'file', name: rest };
  if (language === 'sh') return { kind: 'commands', refused: word === 'refused' };
  if (before?.kind === 'commands' && ANSWERS.includes(language)) return { kind: 'answer' };
  return { kind: 'unmarked' };
}
