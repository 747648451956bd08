// Chooses types and notations out of the catalogue by search. One that the catalogue doesn't have can be
// typed: the server says whether anything can publish it. Called by event-fields.tsx.
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { type EventType, eventTypesQuery } from './trigger-requests.ts';

type Props = {
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
  wrong: string | null;
};

const MOST_SHOWN = 40;

export function NotationPicker({ chosen, onChange, wrong }: Props) {
  const id = useId();
  const [text, setText] = useState('');
  const types = useQuery(eventTypesQuery(useWhere()));
  const all = types.data?.data ?? [];
  const found = matching(all, text);
  const typed = text.trim();
  const toggle = (name: string) =>
    onChange(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]);
  const take = () => {
    if (typed === '') return;
    const first = found.find(({ name }) => name === typed)?.name ?? typed;
    if (!chosen.includes(first)) onChange([...chosen, first]);
    setText('');
  };
  return (
    <fieldset className="field picker">
      <legend className="label">{t('triggers.notations')}</legend>
      {chosen.length === 0 ? null : (
        <ul className="chosen" aria-label={t('triggers.chosen')}>
          {chosen.map((name) => (
            <li key={name}>
              <code>{name}</code> <Includes name={name} all={all} />
              <button
                type="button"
                className="button plain"
                aria-label={t('triggers.unchoose', { name })}
                onClick={() => toggle(name)}
              >
                ✕
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        id={id}
        type="search"
        aria-label={t('triggers.search')}
        placeholder={t('triggers.search')}
        aria-describedby={`${id}-more`}
        aria-invalid={wrong === null ? undefined : true}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          take();
        }}
      />
      <div id={`${id}-more`} className={wrong === null ? 'hint' : 'wrong'} aria-live="polite">
        {wrong ?? t('triggers.notationsHint')}
      </div>
      <div className="catalogue">
        {found.slice(0, MOST_SHOWN).map(({ name, description }) => (
          <label key={name}>
            <input type="checkbox" checked={chosen.includes(name)} onChange={() => toggle(name)} />
            <span>
              <code>{name}</code> {description === null ? null : <span className="quiet">{description}</span>}
            </span>
          </label>
        ))}
        {found.length === 0 && typed !== '' ? (
          <button type="button" className="button" onClick={take}>
            {t('triggers.take', { name: typed })}
          </button>
        ) : null}
        {found.length > MOST_SHOWN ? (
          <span className="quiet">{t('triggers.moreTypes', { count: found.length - MOST_SHOWN })}</span>
        ) : null}
      </div>
    </fieldset>
  );
}

/** A notation includes every longer one. */
function Includes({ name, all }: { name: string; all: readonly EventType[] }) {
  const count = all.filter((one) => one.name.startsWith(`${name}.`)).length;
  return count === 0 ? null : <span className="quiet">{t('triggers.includes', { count })}</span>;
}

/** Those that have every word of it, in name or description. */
function matching(all: readonly EventType[], text: string): EventType[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(({ name, description }) => {
    const searched = `${name} ${description ?? ''}`.toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}
