// What a run printed: follows it as it prints, finds text, opens 256 KB at once. Only the lines in sight are
// drawn.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { clockTime } from '../../design/moment.tsx';
import { Empty, Failed, Loading } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { isOver, type LogLine, type Run } from './run-requests.ts';
import { textOfLine, useRunLog } from './use-run-log.ts';

/** Fewer are all drawn: they can be selected and printed as a whole. */
const FEW = 200;
const LINE_PX = 18;
/** So near to its end, a log is followed. */
const END_PX = 40;

export function LogPanel({ run }: { run: Run }) {
  const { lines, isWhole, isLive, error } = useRunLog(useWhere(), run);
  const [typed, setTyped] = useState('');
  const wanted = useDeferredValue(typed.toLowerCase());
  if (error !== null) return <Failed error={error} />;
  if (lines.length === 0 && !isWhole) return isOver(run) ? <Loading /> : <Empty title={t('log.waits')} />;
  if (lines.length === 0) return <Empty title={t('log.none')} />;
  const found = wanted === '' ? lines : lines.filter((line) => line.text.toLowerCase().includes(wanted));
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
          {isWhole ? '' : ` · ${t(isLive ? 'log.follows' : 'log.lost')}`}
        </span>
        <button type="button" className="button" onClick={() => save(run, lines)}>
          {t('log.download')}
        </button>
      </div>
      {found.length <= FEW && isWhole ? (
        <div className="code log short">
          {found.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
            <Line key={index} line={line} wanted={wanted} />
          ))}
        </div>
      ) : (
        <ManyLines lines={found} wanted={wanted} isFollowed={!isWhole && !isOver(run)} />
      )}
    </>
  );
}

type ManyProps = { lines: readonly LogLine[]; wanted: string; isFollowed: boolean };

function ManyLines({ lines, wanted, isFollowed }: ManyProps) {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
  });
  // Follows its end, unless one has scrolled away from it to read.
  // biome-ignore lint/correctness/useExhaustiveDependencies: more lines are what it follows
  useEffect(() => {
    if (isFollowed && isAtEnd.current) rows.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [lines.length, isFollowed]);
  return (
    <div
      className="code log"
      ref={box}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < END_PX;
      }}
    >
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map((row) => (
          <div
            key={row.key}
            ref={rows.measureElement}
            data-index={row.index}
            className="log-row"
            style={{ transform: `translateY(${row.start}px)` }}
          >
            <Line line={lines[row.index] as LogLine} wanted={wanted} />
          </div>
        ))}
      </div>
    </div>
  );
}

function Line({ line, wanted }: { line: LogLine; wanted: string }) {
  const at = useMemo(() => clockTime(line.at), [line.at]);
  const { level, text } = textOfLine(line);
  const isBad = level === 'ERROR' || level === 'FATAL' || line.stream === 'stderr';
  return (
    <div className={`line ${line.stream}${isBad ? ' wrong' : ''}`}>
      <time dateTime={line.at}>{at}</time>
      <span>
        {level === null || level === 'INFO' ? null : <b className="level">{level} </b>}
        <Marked text={text} wanted={wanted} />
      </span>
    </div>
  );
}

function Marked({ text, wanted }: { text: string; wanted: string }) {
  const at = wanted === '' ? -1 : text.toLowerCase().indexOf(wanted);
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + wanted.length)}</mark>
      {text.slice(at + wanted.length)}
    </>
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
