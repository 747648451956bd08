// Rows for people: one line a thing, columns by their widest cell. Pure but for the colours of the terminal.
import type { Terminal } from './terminal.ts';

type Cell = string | number | boolean | null | undefined;

/** @param empty what is said where there is nothing: the next command, too */
export function showTable<Row>(
  { paint }: Terminal,
  rows: readonly Row[],
  columns: Readonly<Record<string, (row: Row) => Cell>>,
  empty: string,
): string {
  if (rows.length === 0) return empty;
  const names = Object.keys(columns);
  const cells = rows.map((row) => names.map((name) => shown(columns[name]?.(row))));
  const widths = names.map((name, at) =>
    Math.max(name.length, ...cells.map((line) => line[at]?.length ?? 0)),
  );
  const line = (texts: readonly string[]): string =>
    texts.map((text, at) => (at === texts.length - 1 ? text : text.padEnd(widths[at] ?? 0))).join('  ');
  return [paint('dim', line(names)), ...cells.map(line)].join('\n');
}

/** One thing, a line a member. */
export function showFields({ paint }: Terminal, fields: Readonly<Record<string, Cell>>): string {
  const width = Math.max(...Object.keys(fields).map((name) => name.length));
  return Object.entries(fields)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${paint('dim', name.padEnd(width))}  ${shown(value)}`)
    .join('\n');
}

function shown(cell: Cell): string {
  if (cell === null || cell === undefined) return '–';
  return typeof cell === 'boolean' ? (cell ? 'yes' : 'no') : String(cell);
}
