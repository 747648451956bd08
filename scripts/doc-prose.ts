// How pages are written, as far as a program can see it: the trade's words, lines that fit, tables whose
// cells are no paragraphs. Texts of the code that people read (errors, warnings, greetings) have the same
// words. Pure. Called by check-docs.ts.
import type { Problem } from './problem.ts';
import type { SourceFile } from './source-files.ts';

const MOST_COLUMNS = 120;
/** A cell with more than this is a paragraph: it belongs below the table. */
const MOST_OF_A_CELL = 180;
const MOST_SENTENCES_OF_A_CELL = 3;

/** Words that readers of the field stumble over, with what they call it. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\busual(?! certificate)\b/gi, '"default"'],
  [/\bwish(es)?\b/gi, '"request"'],
  [/\bworlds?\b/gi, '"mode"'],
  [/\btold\b/gi, '"reported", or what the run gets'],
  [/\b(whoever|somebody)\b/gi, 'who it is: caller, user, operator, account'],
  [/\b(he|him|his|himself)\b/g, '"they" of users'],
];

/** Finds words, lines and cells that make a page hard to read. */
export function proseProblems(documents: readonly SourceFile[]): Problem[] {
  return documents.flatMap((document) => {
    let isCode = false;
    return document.text.split('\n').flatMap((line, index) => {
      const isFence = /^\s*```/.test(line);
      if (isFence) isCode = !isCode;
      const texts = isCode || isFence ? columnProblems(line, isCode) : lineProblems(line);
      return texts.map((text) => ({ path: document.path, line: index + 1, text }));
    });
  });
}

function lineProblems(line: string): string[] {
  return [
    ...wordProblems(line),
    ...(line.startsWith('|') ? cellProblems(line) : columnProblems(line, false)),
  ];
}

function columnProblems(line: string, isCode: boolean): string[] {
  const columns = [...line].length;
  // A link alone can't be broken.
  const isOneWord = !isCode && !/\S\s+\S/.test(line.trim());
  return columns <= MOST_COLUMNS || isOneWord ? [] : [`has ${columns} columns, more than ${MOST_COLUMNS}`];
}

function cellProblems(line: string): string[] {
  return line
    .split('|')
    .map((cell) => cell.trim())
    .filter(
      (cell) =>
        visible(cell).length > MOST_OF_A_CELL || sentencesOf(visible(cell)) > MOST_SENTENCES_OF_A_CELL,
    )
    .map((cell) => `a cell is a paragraph: put it below the table: ${cell.slice(0, 40)}…`);
}

/** What a reader sees: links without their targets. */
function visible(cell: string): string {
  return cell.replace(/\]\([^)]*\)/g, ']');
}

function sentencesOf(text: string): number {
  return text.split(/[.!?;]\s+(?=[A-Z`])/).length;
}

function wordProblems(line: string): string[] {
  const prose = line.replace(/`[^`]*`/g, '').replace(/\]\([^)]*\)/g, ']');
  return WORDS.flatMap(([word, better]) =>
    [...prose.matchAll(word)].map(([found]) => `"${found}": say ${better}`),
  );
}

/** What a comment may not have, besides: `usual`, `world` and `he` are left to the reviewer's eye there. */
const COMMENT_WORDS = /\b([Ww]ish(es|ed)?|[Tt]old|[Ww]hoever|[Ss]omebody)\b/g;

/** Finds words in comments that say less than who does what. */
export function commentProblems(sources: readonly SourceFile[]): Problem[] {
  return sources.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      if (!/^\s*(\/\/|\/?\*)/.test(line)) return [];
      const found = [...line.replace(/`[^`]*`/g, '').matchAll(COMMENT_WORDS)];
      return found.map(([word]) => ({
        path,
        line: index + 1,
        text: `"${word}": say who does what: a caller asks, an owner is notified, a run gets`,
      }));
    }),
  );
}

const TEXT = /(['"`])((?:(?!\1).)*)\1/g;

/** Finds the same words in texts of the code: strings of more than one word, outside of comments. */
export function messageProblems(sources: readonly SourceFile[]): Problem[] {
  return sources.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      if (/^\s*(\/\/|\/?\*)/.test(line)) return [];
      const code = line.replace(/\$\{[^}]*\}/g, 'X').replace(/ \/\/ .*$/, '');
      const texts = [...code.matchAll(TEXT)].map((found) => found[2] as string);
      return texts
        .filter((one) => /\s/.test(one))
        .flatMap((one) => wordProblems(one).map((problem) => ({ path, line: index + 1, text: problem })));
    }),
  );
}
