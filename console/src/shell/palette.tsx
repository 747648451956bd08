// Ctrl+K: everything that has a name, found by typing: rooms, functions, a run by its id, actions.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useId, useRef, useState } from 'react';
import { read } from '../api/millrace.ts';
import { t } from '../texts/translate.ts';
import { chooseLook, isDark } from './look.ts';
import { useRooms } from './rooms.ts';
import { useWhere } from './scope.ts';

type Entry = { id: string; name: string; what: string; go(): void };

const MOST = 12;
const RUN_ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

export function Palette({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const entries = useEntries(typed.trim());
  const chosen = entries[Math.min(at, entries.length - 1)];
  useEffect(() => dialog.current?.showModal(), []);
  const onKey = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((was) => Math.min(Math.max(was + step, 0), entries.length - 1));
    }
    if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault();
      onClose();
      chosen.go();
    }
  };
  return (
    <dialog ref={dialog} className="dialog palette" aria-label={t('palette.title')} onClose={onClose}>
      <input
        className="palette-input"
        placeholder={t('palette.hint')}
        aria-label={t('palette.hint')}
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={chosen === undefined ? undefined : `${list}-${chosen.id}`}
        value={typed}
        onKeyDown={onKey}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
      />
      <div id={list} role="listbox" aria-label={t('palette.title')} className="palette-list">
        {entries.map((entry) => (
          <div
            key={entry.id}
            id={`${list}-${entry.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={entry === chosen}
            className="menu-item"
            onClick={() => {
              onClose();
              entry.go();
            }}
            onKeyDown={onKey}
          >
            <span>{entry.name}</span>
            <span className="quiet">{entry.what}</span>
          </div>
        ))}
      </div>
      {entries.length === 0 ? <p className="palette-none quiet">{t('palette.none')}</p> : null}
    </dialog>
  );
}

function useEntries(typed: string): Entry[] {
  const { account, mode, api, key } = useWhere();
  const navigate = useNavigate();
  const params = { account, mode };
  const { data: functions } = useQuery({
    queryKey: [...key, 'functions', 'named', typed],
    queryFn: () =>
      read(
        api.GET('/functions', {
          params: { query: { limit: MOST, ...(typed === '' ? {} : { name: typed }) } },
        }),
      ),
  });
  const small = typed.toLowerCase();
  const rooms = useRooms().map(({ text, to }) => ({
    id: to.replace(/\W/g, '-'),
    name: t(text),
    what: t('palette.room'),
    go: () => void navigate({ to, params }),
  }));
  const actions: Entry[] = [
    {
      id: 'new',
      name: t('functions.new'),
      what: t('palette.action'),
      go: () => void navigate({ to: '/$account/$mode/functions', params, search: { new: true } }),
    },
    {
      id: 'look',
      name: t('look.other'),
      what: t('palette.action'),
      go: () => chooseLook(isDark() ? 'light' : 'dark'),
    },
    {
      id: 'mode',
      name: t(mode === 'live' ? 'mode.toTest' : 'mode.toLive'),
      what: t('palette.action'),
      go: () =>
        void navigate({
          to: '/$account/$mode',
          params: { account, mode: mode === 'live' ? 'test' : 'live' },
        }),
    },
  ];
  const found = (functions?.data ?? []).map((one) => ({
    id: one.id,
    name: one.name,
    what: t('palette.function'),
    go: () => void navigate({ to: '/$account/$mode/functions/$id', params: { ...params, id: one.id } }),
  }));
  const run = RUN_ID.test(typed)
    ? [
        {
          id: typed,
          name: typed,
          what: t('palette.run'),
          go: () => void navigate({ to: '/$account/$mode/runs/$run', params: { ...params, run: typed } }),
        },
      ]
    : [];
  const named = [...rooms, ...actions].filter((entry) => entry.name.toLowerCase().includes(small));
  return [...run, ...found, ...named].slice(0, MOST);
}
