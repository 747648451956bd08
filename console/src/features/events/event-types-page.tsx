// The catalogue: types and notations that may be published, those of the installation and the account's own.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { read } from '../../api/millrace.ts';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Empty, Wrong } from '../../design/states.tsx';
import { SureButton } from '../../design/sure-button.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { eventTypesQuery } from './event-requests.ts';
import { EventTabs } from './event-tabs.tsx';

export function EventTypesPage() {
  const where = useWhere();
  const { api, account, mode } = where;
  const query = useQuery(eventTypesQuery(where));
  const queries = useQueryClient();
  const [typed, setTyped] = useState('');
  const [isAdding, setAdding] = useState(false);
  const mayAdd = useMay('events', 'create');
  const mayDelete = useMay('events', 'delete');
  const remove = useMutation({
    mutationFn: (name: string) => read(api.DELETE('/event-types/{name}', { params: { path: { name } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: eventTypesQuery(where).queryKey }),
  });
  const button = (
    <button type="button" className="button primary" onClick={() => setAdding(true)}>
      {t('types.add')}
    </button>
  );
  return (
    <Page title={t('room.events')} sentence={t('types.sentence')} actions={mayAdd ? button : undefined}>
      <EventTabs />
      <div className="filter">
        <input
          data-filter
          className="input typed"
          aria-label={t('types.filter')}
          placeholder={t('types.filter')}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
      </div>
      <Wrong error={remove.error} />
      <Answered query={query}>
        {(types) => {
          const small = typed.toLowerCase();
          const found = types.filter((one) =>
            `${one.name} ${one.item_type} ${one.description ?? ''}`.toLowerCase().includes(small),
          );
          if (found.length === 0) return <Empty title={t('types.none')} />;
          return (
            <Table
              columns={[
                { text: t('events.type') },
                { text: t('types.about'), className: 'wide-only' },
                { text: t('types.description'), className: 'wide-only' },
                { text: t('people.actions'), className: 'number', isUnseen: true },
              ]}
            >
              {found.map((one) => (
                <tr key={one.name}>
                  <td className="name">
                    <Link
                      to="/$account/$mode/events"
                      params={{ account, mode }}
                      search={{ type: one.name }}
                      className="mono"
                    >
                      {one.name}
                    </Link>
                  </td>
                  <td className="wide-only">{one.item_type}</td>
                  <td className="quiet wide-only">
                    {one.description}
                    {one.platform_only ? ` ${t('types.platform')}` : ''}
                  </td>
                  <td className="number">
                    {mayDelete && !one.builtin ? (
                      <SureButton
                        text={t('action.delete')}
                        sure={t('tokens.deleteSure')}
                        label={t('types.delete', { name: one.name })}
                        onSure={() => remove.mutate(one.name)}
                      />
                    ) : null}
                  </td>
                </tr>
              ))}
            </Table>
          );
        }}
      </Answered>
      {isAdding ? <AddDialog onClose={() => setAdding(false)} /> : null}
    </Page>
  );
}

function AddDialog({ onClose }: { onClose: () => void }) {
  const where = useWhere();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [about, setAbout] = useState('');
  const [description, setDescription] = useState('');
  const add = useMutation({
    mutationFn: () => {
      const more = { ...(about === '' ? {} : { item_type: about }), description: description || null };
      return read(where.api.POST('/event-types', { body: { name, ...more } }));
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: eventTypesQuery(where).queryKey });
      onClose();
    },
  });
  return (
    <Dialog
      title={t('types.add')}
      onClose={onClose}
      onSubmit={() => add.mutate()}
      foot={
        <button type="submit" className="button primary" disabled={add.isPending}>
          {t('types.add')}
        </button>
      }
    >
      <Field label={t('events.type')} hint={t('types.nameHint')}>
        {(wiring) => (
          <input {...wiring} required value={name} onChange={({ target }) => setName(target.value)} />
        )}
      </Field>
      <Field label={t('types.about')} hint={t('types.aboutHint')}>
        {(wiring) => <input {...wiring} value={about} onChange={({ target }) => setAbout(target.value)} />}
      </Field>
      <Field label={t('types.description')}>
        {(wiring) => (
          <input {...wiring} value={description} onChange={({ target }) => setDescription(target.value)} />
        )}
      </Field>
      <Wrong error={add.error} />
    </Dialog>
  );
}
