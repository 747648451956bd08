// A list of runs that lives: pages from the API as far as one reads, and what changes since by the stream.
// New runs wait until they are taken, so that what is read stays where it is. While the stream is lost the
// newest page is asked for every few seconds instead. Called by run-list.tsx.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { followEvents } from '../../api/follow-events.ts';
import type { Where } from '../../shell/scope.ts';
import { firstRuns, type Run, runPagesQuery } from './run-requests.ts';
import type { RunFilter } from './run-search.ts';

/** Changes are drawn together. */
const DRAWN_EVERY_MS = 300;
const POLLED_EVERY_MS = 3_000;
/** From here on the list begins anew instead. */
const MOST_WAITING = 500;
const MOST_KEPT = 2_000;

type Wanted = { where: Where; filter: RunFilter; functionId: string | null; isEnabled: boolean };

export function useRunList({ where, filter, functionId, isEnabled }: Wanted) {
  const options = runPagesQuery(where, filter, functionId);
  const pages = useInfiniteQuery({ ...options, enabled: isEnabled });
  const queries = useQueryClient();
  const [changes, setChanges] = useState<ReadonlyMap<string, Run>>(new Map());
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set());
  const [isLive, setLive] = useState(true);
  const key = JSON.stringify(options.queryKey);

  const restart = useCallback(() => {
    setChanges(new Map());
    setTaken(new Set());
    void queries.resetQueries({ queryKey: JSON.parse(key) as unknown[] });
  }, [queries, key]);
  const add = useAdding(key, setChanges);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says which list it is
  const refresh = useCallback(async () => {
    if (!isEnabled) return;
    for (const run of await firstRuns(where, filter, functionId)) add(run);
  }, [key, isEnabled, add]);
  useStream({ where, filter, functionId, isEnabled, add, refresh, restart, setLive });
  useEffect(() => {
    if (isLive || !isEnabled) return;
    const timer = setInterval(() => void refresh().catch(() => {}), POLLED_EVERY_MS);
    return () => clearInterval(timer);
  }, [isLive, isEnabled, refresh]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the filter is in the key of the pages
  const listed = useMemo(() => {
    const old = pages.data?.pages.flatMap(({ data }) => data) ?? [];
    const known = new Set(old.map(({ id }) => id));
    const newest = old[0]?.id ?? '';
    const fresh = [...changes.values()]
      .filter((run) => !known.has(run.id) && run.id > newest && isMeant(run, filter))
      .sort((a, b) => (a.id < b.id ? 1 : -1));
    const shown = [
      ...fresh.filter(({ id }) => taken.has(id)),
      // What is shown goes on to say how it is, even if the filter doesn't mean it any more.
      ...old.filter((run) => isMeant(run, filter)).map((run) => changes.get(run.id) ?? run),
    ];
    return { shown, waiting: fresh.filter(({ id }) => !taken.has(id)) };
  }, [pages.data, changes, taken]);
  const { waiting } = listed;
  const take = useCallback(() => {
    if (waiting.length > MOST_WAITING) return restart();
    setTaken((was) => new Set([...was, ...waiting.map(({ id }) => id)]));
  }, [waiting, restart]);
  return { pages, ...listed, take, isLive, taken };
}

function isMeant(run: Run, { statuses, errorType, traceId }: RunFilter): boolean {
  const isStatus = statuses.length === 0 || statuses.includes(run.status);
  const isTrace = traceId === null || run.trace_id === traceId;
  return isStatus && isTrace && (errorType === null || run.error?.type === errorType);
}

/** Takes runs as they come, and has them drawn together. */
function useAdding(key: string, set: (add: (was: ReadonlyMap<string, Run>) => Map<string, Run>) => void) {
  const come = useRef(new Map<string, Run>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins with nothing
  useEffect(() => {
    set(() => new Map());
    return () => {
      clearTimeout(timer.current);
      timer.current = undefined;
      come.current.clear();
    };
  }, [key]);
  return useCallback(
    (run: Run) => {
      come.current.set(run.id, run);
      timer.current ??= setTimeout(() => {
        const all = [...come.current];
        timer.current = undefined;
        come.current.clear();
        set((was) => new Map([...was, ...all].slice(-MOST_KEPT)));
      }, DRAWN_EVERY_MS);
    },
    [set],
  );
}

type Streaming = Wanted & {
  add: (run: Run) => void;
  refresh: () => Promise<void>;
  restart: () => void;
  setLive: (isLive: boolean) => void;
};

function useStream({
  where,
  filter,
  functionId,
  isEnabled,
  add,
  refresh,
  restart,
  setLive,
}: Streaming): void {
  const { account, mode } = where;
  const { trigger, to, requestId } = filter;
  useEffect(() => {
    // What ended before now gets no new runs; of the stream's, nobody knows which request has caused them.
    if (!isEnabled || to !== null || requestId !== null) return;
    const end = new AbortController();
    const query = new URLSearchParams({
      ...(functionId === null ? {} : { function_id: functionId }),
      ...(trigger === null ? {} : { trigger }),
    });
    void followEvents({
      path: `/runs/stream?${query}`,
      scope: { account, mode },
      signal: end.signal,
      onState: setLive,
      onEvent: ({ event, data }) => {
        if (event === 'run') add(data as Run);
        if (event === 'open') void refresh().catch(() => {});
        if (event === 'gap') restart();
      },
    }).catch(() => setLive(false));
    return () => end.abort();
  }, [account, mode, functionId, trigger, to, requestId, isEnabled, add, refresh, restart, setLive]);
}
