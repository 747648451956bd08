// A table: its columns once, rows as the page draws them. A narrow window hides columns that are `wide-only`,
// here and in the rows. Called by every screen with a list of the same things.
import type { ReactNode } from 'react';

export type Column = {
  text: string;
  /** As its cells: `number`, `wide-only`. */
  className?: string;
  /** Only read aloud: what stands below needs no heading. */
  isUnseen?: boolean;
};

type Props = {
  columns: readonly Column[];
  /** Each row is one link (`row-link`). */
  isLinked?: boolean;
  children: ReactNode;
};

export function Table({ columns, isLinked = false, children }: Props) {
  return (
    <div className="table-wrap">
      <table className={isLinked ? 'table linked' : 'table'}>
        <thead>
          <tr>
            {columns.map(({ text, className, isUnseen }) => (
              <th key={text} className={className}>
                {isUnseen ? <span className="unseen">{text}</span> : text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
