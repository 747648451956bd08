// The filter of a list of runs: typed, or chosen by buttons that type for one. `/` comes here.
import { useEffect, useState } from 'react';
import { t } from '../../texts/translate.ts';
import { BAD_STATUSES, filterOf, RUN_STATUSES, withFilter } from './run-search.ts';

type Props = { typed: string; onType: (typed: string) => void; hasFunction: boolean };

const SINCE = ['15m', '1h', '24h', '7d'] as const;

export function FilterLine({ typed, onType, hasFunction }: Props) {
  const [text, setText] = useState(typed);
  useEffect(() => setText(typed), [typed]);
  const { unknown, statuses, sinceMs } = filterOf(typed);
  const isBad = BAD_STATUSES.every((status) => statuses.includes(status));
  const since = SINCE.find((one) => filterOf(`since:${one}`).sinceMs === sinceMs) ?? '';
  return (
    <search>
      <form
        className="filter"
        onSubmit={(event) => {
          event.preventDefault();
          onType(text.trim());
        }}
      >
        <input
          data-filter
          className="input mono typed"
          aria-label={t('runs.filter')}
          placeholder={hasFunction ? 'status:failed since:2h' : 'status:failed fn:import since:2h'}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onBlur={() => text.trim() !== typed && onType(text.trim())}
        />
        <select
          className="input"
          aria-label={t('runs.status')}
          value={isBad ? 'bad' : (statuses[0] ?? '')}
          onChange={(event) => onType(withFilter(typed, 'status', event.target.value || null))}
        >
          <option value="">{t('runs.everyStatus')}</option>
          <option value="bad">{t('runs.bad')}</option>
          {RUN_STATUSES.map((status) => (
            <option key={status} value={status}>
              {t(`status.${status}`)}
            </option>
          ))}
        </select>
        <select
          className="input"
          aria-label={t('runs.since')}
          value={since}
          onChange={(event) => onType(withFilter(typed, 'since', event.target.value || null))}
        >
          <option value="">{t('runs.everyTime')}</option>
          {SINCE.map((one) => (
            <option key={one} value={one}>
              {t(`runs.since.${one}`)}
            </option>
          ))}
        </select>
        {unknown.length === 0 ? null : (
          <p className="bad" role="alert">
            {t('runs.unknownFilter', { words: unknown.join(' ') })}
          </p>
        )}
      </form>
    </search>
  );
}
