// The four states of what is asked for: on its way, failed, forbidden, empty; each says what comes next.
// Called by every list and page.
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Refusal } from '../api/millrace.ts';
import { t } from '../texts/translate.ts';
import { Page } from './page.tsx';

export function Loading({ lines = 6 }: { lines?: number }) {
  return (
    <div className="skeleton" role="status" aria-label={t('state.loading')}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines without content
        <i key={line} className="bone" />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="state">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const refusal = error instanceof Refusal ? error : null;
  if (refusal?.status === 403) {
    return (
      <div className="state" role="alert">
        <strong>{t('state.forbidden')}</strong>
        <span className="quiet">{refusal.message}</span>
        <span className="quiet">{t('state.forbiddenNext')}</span>
      </div>
    );
  }
  return (
    <div className="state" role="alert">
      <strong>{refusal?.status === 404 ? t('state.missing') : t('state.failed')}</strong>
      <span>{error instanceof Error ? error.message : String(error)}</span>
      {refusal?.reference ? (
        <span className="quiet">
          {t('state.reference')} <code>{refusal.reference}</code>
        </span>
      ) : null}
      {refusal?.status === 404 ? <OtherMode /> : null}
      {retry === undefined ? null : (
        <button type="button" className="button" onClick={retry}>
          {t('state.retry')}
        </button>
      )}
    </div>
  );
}

const MODE = /^(\/[^/]+\/)(live|test)(\/.*)$/;

/** Live and test have things of their own: an address that was copied may name the wrong one. */
function OtherMode() {
  const [, before, mode, rest] = MODE.exec(location.pathname) ?? [];
  if (mode === undefined) return null;
  return (
    <span className="quiet">
      {t('state.otherMode')}{' '}
      <a href={`${before}${mode === 'live' ? 'test' : 'live'}${rest}${location.search}`}>
        {t(mode === 'live' ? 'state.inTest' : 'state.inLive')}
      </a>
    </span>
  );
}

type AnsweredProps<T> = {
  query: UseQueryResult<T>;
  lines?: number;
  /** Whether the page itself is what was asked for: where it fails, there is nothing else. */
  isPage?: boolean;
  children: (data: T) => ReactNode;
};

/** What a query answered, or the state that it is in. */
export function Answered<T>({ query, lines, isPage = false, children }: AnsweredProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) {
    const failed = <Failed error={query.error} retry={() => void query.refetch()} />;
    return isPage ? <Page title="Millrace">{failed}</Page> : failed;
  }
  return lines === undefined ? <Loading /> : <Loading lines={lines} />;
}

/** What an action was refused with, beside it. */
export function Wrong({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  const reference = error instanceof Refusal ? error.reference : null;
  return (
    <div className="notice bad" role="alert">
      <span>{error instanceof Error ? error.message : String(error)}</span>
      {reference === null ? null : <code className="quiet">{reference}</code>}
    </div>
  );
}
