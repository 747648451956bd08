// Prints rows of text as a Markdown table, so that a result can be pasted into docs/performance.md as it is.

export function printTable(title: string, rows: readonly Record<string, string>[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const width = (column: string): number =>
    Math.max(column.length, ...rows.map((row) => (row[column] ?? '').length));
  const line = (cells: (column: string) => string): string =>
    `| ${columns.map((column, at) => pad(cells(column), width(column), at === 0 ? 'left' : 'right')).join(' | ')} |`;
  console.log(`\n${title}\n`);
  console.log(line((column) => column));
  console.log(line((column) => '-'.repeat(width(column))));
  for (const row of rows) console.log(line((column) => row[column] ?? ''));
}

function pad(text: string, width: number, side: 'left' | 'right'): string {
  return side === 'left' ? text.padEnd(width) : text.padStart(width);
}
