// The error of a run: the line that threw, in the source of the version that ran, and the stack.
import { useQuery } from '@tanstack/react-query';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { codeOfVersion, type Run } from './run-requests.ts';
import { type Place, placeOf } from './stack-place.ts';

const AROUND = 5;

export function ErrorPanel({ run }: { run: Run }) {
  const { data: code } = useQuery(codeOfVersion(useWhere(), run));
  const { error } = run;
  if (error === null) return null;
  const files = code?.files ?? {};
  const place = placeOf(error.stack, Object.keys(files));
  const file = place === null ? undefined : files[place.file];
  const text = typeof file === 'string' ? file : file !== undefined && 'text' in file ? file.text : null;
  return (
    <div className="stack">
      {place !== null && text !== null ? <Source place={place} text={text} version={run.version} /> : null}
      <div>
        <h2>{t('run.stack')}</h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
        <pre className="code wrap" tabIndex={0}>
          {error.stack === '' ? `${error.type}: ${error.message}` : error.stack}
        </pre>
      </div>
    </div>
  );
}

function Source({ place, text, version }: { place: Place; text: string; version: number }) {
  const lines = text.split('\n');
  const first = Math.max(place.line - AROUND, 1);
  const shown = lines.slice(first - 1, place.line + AROUND);
  return (
    <figure>
      <figcaption className="row">
        <span className="mono strong">
          {place.file}:{place.line}
        </span>
        <span className="quiet">{t('run.inVersion', { version: String(version) })}</span>
      </figcaption>
      <div className="code source">
        {shown.map((line, index) => {
          const number = first + index;
          const isMarked = number === place.line;
          return (
            <div
              key={number}
              className={isMarked ? 'marked' : undefined}
              aria-current={isMarked ? 'true' : undefined}
            >
              <span className="at">{number}</span>
              <span>{line === '' ? ' ' : line}</span>
            </div>
          );
        })}
      </div>
    </figure>
  );
}
