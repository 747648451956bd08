// What is typed over what is live: files, the version that they were made of, and whether the device has kept
// them. Keys come sooner than a page is drawn, so what is typed is known before it is shown. Called by the
// editor's page.
import { useCallback, useEffect, useRef, useState } from 'react';
import { useWhere } from '../../../shell/scope.ts';
import type { Files } from '../function-requests.ts';
import { dropDraft, keepDraft, loadDraft } from './drafts.ts';
import { changedPaths, textOf, withText } from './file-texts.ts';

/** What is live. */
export type Live = { version: number; files: Files; tag: string | null };
/** The code that a draft was made of. */
type Base = { version: number; tag: string | null };

export type Typed = {
  files: Files;
  base: Base;
  /** Files that differ from what is live. */
  changed: readonly string[];
  /** Whether the device had room for it. */
  isKept: boolean;
  /** When the draft was last kept that was found at the start; null: there was none. */
  foundAt: string | null;
  /** Files as they are at this moment, drawn or not. */
  now(): { files: Files; isChanged: boolean };
  edit(path: string, text: string): void;
  discard(): void;
  /** Goes on from what is live now, with what is typed. */
  rebase(): void;
  /** What is typed is live: it was made of `fresh`. */
  settle(fresh: Live): void;
};

export function useDraft(id: string, live: Live): Typed {
  const { account, mode } = useWhere();
  const [found] = useState(() => loadDraft(account, mode, id));
  const [base, setBase] = useState<Base>(found ?? { version: live.version, tag: live.tag });
  const [files, filesNow, setFiles] = useLatest<Files>(found?.files ?? live.files);
  const [isKept, setKept] = useState(true);
  const isTyped = useRef(found !== null);
  const keep = (of: Base, typed: Files) =>
    setKept(keepDraft(account, mode, id, { ...of, files: typed, at: new Date().toISOString() }));
  const follow = ({ version, files: theirs, tag }: Live) => {
    setBase({ version, tag });
    if (!isTyped.current) setFiles(theirs);
  };
  const drop = () => {
    dropDraft(account, mode, id);
    isTyped.current = false;
  };
  // Nothing is typed: what others deploy is shown by itself.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version is what changes it
  useEffect(() => {
    if (!isTyped.current) follow(live);
  }, [live.version, live.tag]);
  return {
    ...{ files, base, isKept, foundAt: found?.at ?? null },
    changed: changedPaths(live.files, files),
    now: () => ({
      files: filesNow.current,
      isChanged: changedPaths(live.files, filesNow.current).length > 0,
    }),
    edit(path, text) {
      const before = filesNow.current;
      if (text === textOf(before[path])) return;
      const next = { ...before, [path]: withText(before[path], text) };
      setFiles(next);
      isTyped.current = changedPaths(live.files, next).length > 0;
      if (isTyped.current) keep(base, next);
      else dropDraft(account, mode, id);
    },
    discard() {
      drop();
      follow(live);
    },
    rebase() {
      const { version, tag } = live;
      setBase({ version, tag });
      keep({ version, tag }, filesNow.current);
    },
    settle(fresh) {
      drop();
      follow(fresh);
    },
  };
}

/** A state that is known at once, before the page is drawn with it. */
function useLatest<T>(first: T): [T, { readonly current: T }, (value: T) => void] {
  const [value, setValue] = useState(first);
  const now = useRef(value);
  const set = useCallback((next: T) => {
    now.current = next;
    setValue(next);
  }, []);
  return [value, now, set];
}
