// What a run printed: follows it, finds text, opens 256 KB at once. Only the lines in sight are drawn.
import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { clockTime } from '../../design/moment.tsx';
import { Answered, Empty } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { type LogLine, logQuery, type Run } from './run-requests.ts';

/** Fewer are all drawn: they can be selected and printed as a whole. */
const FEW = 200;
const LINE_PX = 18;

export function LogPanel({ run }: { run: Run }) {
  const query = useQuery(logQuery(useWhere(), run));
  const [typed, setTyped] = useState('');
  const wanted = useDeferredValue(typed.toLowerCase());
  return (
    <Answered query={query}>
      {({ lines, hasMore }) => {
        if (lines.length === 0) return <Empty title={t('log.none')} />;
        const found =
          wanted === '' ? lines : lines.filter((line) => line.text.toLowerCase().includes(wanted));
        return (
          <>
            <div className="row">
              <input
                data-filter
                className="input log-search"
                aria-label={t('log.search')}
                placeholder={t('log.search')}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
              <span className="quiet" role="status">
                {t('log.lines', { count: found.length })}
                {hasMore ? ` · ${t('log.cut')}` : ''}
              </span>
              <button type="button" className="button" onClick={() => save(run, lines)}>
                {t('log.download')}
              </button>
            </div>
            {found.length <= FEW ? (
              <div className="code log short">
                {found.map((line, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
                  <Line key={index} line={line} />
                ))}
              </div>
            ) : (
              <ManyLines lines={found} />
            )}
          </>
        );
      }}
    </Answered>
  );
}

function ManyLines({ lines }: { lines: readonly LogLine[] }) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <div className="code log" ref={box} tabIndex={0}>
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map((row) => (
          <div
            key={row.key}
            ref={rows.measureElement}
            data-index={row.index}
            style={{
              position: 'absolute',
              top: 0,
              left: 0,
              right: 0,
              transform: `translateY(${row.start}px)`,
            }}
          >
            <Line line={lines[row.index] as LogLine} />
          </div>
        ))}
      </div>
    </div>
  );
}

function Line({ line }: { line: LogLine }) {
  const at = useMemo(() => clockTime(line.at), [line.at]);
  return (
    <div className={`line ${line.stream}`}>
      <time dateTime={line.at}>{at}</time>
      <span>{line.text}</span>
    </div>
  );
}

function save(run: Run, lines: readonly LogLine[]): void {
  const text = lines.map((line) => `${line.at} ${line.text}`).join('\n');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.download = `${run.id}.log`;
  link.click();
  URL.revokeObjectURL(link.href);
}
