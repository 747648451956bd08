// Names of files and folders, names of vendors, length of files and of the lines of comments. Decides from
// paths and texts alone. Called by check.mjs.
import { finish, type Problem } from './problem.ts';
import { isTestFile, isUserCode, lineOf, type SourceFile, sourceFiles } from './source-files.ts';

/** Drawers: names that say nothing about what is inside. */
const DRAWERS = [
  'core',
  'common',
  'shared',
  'util',
  'utils',
  'helper',
  'helpers',
  'lib',
  'types',
  'manager',
  'service',
];
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
/**
 * What others prescribe: documents in capitals, dot files, numbered migrations, modules of Python, classes of
 * Java and C#; Helm's.
 */
const NAMED_BY_OTHERS =
  /^(Containerfile|Chart\.yaml|NOTES\.txt|_helpers\.tpl|[A-Z]+(\.md)?|\..*|[0-9]{4}_[a-z0-9_]+\.sql|(__init__|[a-z0-9_]+)\.py|[A-Z][A-Za-z0-9]+\.java|([A-Z][A-Za-z]+\.?)+cs)$/;
const VENDORS = /comecero|revcent|hubspot/gi;
/** Where the engine lives, which knows no vendor. Roles compose the dialects, so they name them. */
const ENGINE =
  /^(server\/src\/(?!dialects\/|roles\/)|server\/sql\/|(contract|process|supervisor|launcher|runtimes)\/)/;
const CODE = /\.(ts|tsx|mjs|cjs|js|c|h|sql|py|java|cs)$/;
const MOST_LINES = 400;
/** As the formatter's: it leaves comments as they are. */
const MOST_COLUMNS = 110;
/** Drawings and tables of comments are set in by more than one space. */
const PROSE_OF_COMMENT = /^\s*(\/\/|\*|\/\*\*?) \S/;

/** Written by programs of ours, by their rules. */
const GENERATED = [
  'client/src/api-paths.ts',
  'client/python/millrace_operations.py',
  'authoring/millrace.schema.json',
];

/** Finds every name and length that the rules forbid. */
export function nameProblems(files: readonly SourceFile[]): Problem[] {
  return files
    .filter((file) => !isUserCode(file.path) && !GENERATED.includes(file.path))
    .flatMap((file) => [
      ...pathProblems(file.path),
      ...vendorProblems(file),
      ...lengthProblems(file),
      ...columnProblems(file),
    ]);
}

function pathProblems(file: string): Problem[] {
  return file.split('/').flatMap((segment) => {
    const stem = segment.replace(/^\./, '').split('.')[0] as string;
    const lastWord = stem.split('-').at(-1) as string;
    const broken = DRAWERS.includes(lastWord)
      ? `"${lastWord}" says nothing about what is inside: name it for what it does`
      : KEBAB_CASE.test(segment) || NAMED_BY_OTHERS.test(segment)
        ? null
        : `"${segment}" is not kebab-case`;
    return broken === null ? [] : [{ path: file, line: 1, text: broken }];
  });
}

function vendorProblems({ path, text }: SourceFile): Problem[] {
  if (!ENGINE.test(path) || isTestFile(path) || path.endsWith('.md')) return [];
  return [...text.matchAll(VENDORS)].map((match) => ({
    path,
    line: lineOf(text, match.index),
    text: `names ${match[0]}: vendors are known in server/src/dialects/ and in documents only`,
  }));
}

function columnProblems({ path, text }: SourceFile): Problem[] {
  if (!CODE.test(path) || /\.(sql|py|java|cs|c|h)$/.test(path)) return [];
  return text.split('\n').flatMap((line, index) => {
    const columns = [...line].length;
    const isWrapped =
      columns <= MOST_COLUMNS || !PROSE_OF_COMMENT.test(line) || !/\s\S+\s/.test(line.slice(20));
    return isWrapped
      ? []
      : [{ path, line: index + 1, text: `a comment of ${columns} columns, ${MOST_COLUMNS} at most` }];
  });
}

function lengthProblems({ path, text }: SourceFile): Problem[] {
  const lines = text.split('\n').length - 1;
  if (!CODE.test(path) || path === 'server/sql/schema.sql' || lines <= MOST_LINES) return [];
  return [
    {
      path,
      line: lines,
      text: `${lines} lines, ${MOST_LINES} at most: split it by what it decides and does`,
    },
  ];
}

if (import.meta.main) finish(nameProblems(sourceFiles(/./)));
