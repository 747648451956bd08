// Runs that have a text in their log or their error, with the lines that have it: as far back as the server
// has looked, and further on demand. Called by run-list.tsx.
import { useInfiniteQuery } from '@tanstack/react-query';
import { When } from '../../design/moment.tsx';
import { Answered, Empty } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { foundRunsQuery, type Run } from './run-requests.ts';
import type { RunFilter } from './run-search.ts';
import { RunTable } from './run-table.tsx';
import { textOfLine } from './use-run-log.ts';

type Props = {
  filter: RunFilter;
  functionId: string | null;
  names: ReadonlyMap<string, string> | null;
  isEnabled: boolean;
};

const MOST_LINES = 3;
/** Characters that are shown before what was found. */
const BEFORE = 12;

export function FoundRuns({ filter, functionId, names, isEnabled }: Props) {
  const query = useInfiniteQuery({ ...foundRunsQuery(useWhere(), filter, functionId), enabled: isEnabled });
  return (
    <Answered query={query} lines={8}>
      {({ pages }) => {
        const found = pages.flatMap(({ data }) => data).filter(({ run }) => isMeant(run, filter));
        const lines = new Map(found.map((one) => [one.run.id, one.lines]));
        const looked = pages.reduce((sum, page) => sum + page.looked_at, 0);
        const back = pages.at(-1)?.looked_back_to ?? null;
        return (
          <>
            {found.length === 0 ? (
              <Empty title={t('runs.noneSuch')} />
            ) : (
              <RunTable
                runs={found.map(({ run }) => run)}
                names={names}
                under={({ id }) => <Lines lines={lines.get(id) ?? []} wanted={filter.text} />}
              />
            )}
            <p className="quiet end row" role="status">
              <span>
                {t('runs.looked', { count: looked })} <When at={back} />
              </span>
              {query.hasNextPage ? (
                <button
                  type="button"
                  className="button"
                  disabled={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  {t('runs.lookOn')}
                </button>
              ) : null}
            </p>
          </>
        );
      }}
    </Answered>
  );
}

function isMeant(run: Run, { statuses, trigger, errorType, traceId }: RunFilter): boolean {
  return (
    (statuses.length === 0 || statuses.includes(run.status)) &&
    (traceId === null || run.trace_id === traceId) &&
    (trigger === null || run.trigger === trigger) &&
    (errorType === null || run.error?.type === errorType)
  );
}

type Found = Parameters<typeof textOfLine>[0];

function Lines({ lines, wanted }: { lines: readonly (Found & { number: number })[]; wanted: string }) {
  return lines.slice(0, MOST_LINES).map((line) => (
    <span key={line.number} className="found-line mono">
      {around(textOfLine(line).text, wanted)}
    </span>
  ));
}

/** The part of a line that has the text, from a little before it on. */
function around(text: string, wanted: string): string {
  const at = text.toLowerCase().indexOf(wanted.toLowerCase());
  return at <= BEFORE ? text : `…${text.slice(at - BEFORE)}`;
}
