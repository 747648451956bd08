// Texts by key that functions read and write: the keys, and each text on demand.
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { read } from '../../api/millrace.ts';
import { bytesText, When } from '../../design/moment.tsx';
import { MoreButton } from '../../design/more-button.tsx';
import { Answered, Empty, Wrong } from '../../design/states.tsx';
import { SureButton } from '../../design/sure-button.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { KeyValueDialog } from './key-value-dialog.tsx';
import { keyValuesQuery } from './value-requests.ts';

export function KeyValues() {
  const where = useWhere();
  const { api } = where;
  const query = useInfiniteQuery(keyValuesQuery(where));
  const queries = useQueryClient();
  const mayDelete = useMay('key_values', 'delete');
  const [opened, setOpened] = useState<string | null>(null);
  const remove = useMutation({
    mutationFn: (key: string) => read(api.DELETE('/key-values/{key}', { params: { path: { key } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: keyValuesQuery(where).queryKey }),
  });
  return (
    <section>
      <h2>{t('values.keys')}</h2>
      <p className="quiet">{t('values.keysExplain')}</p>
      <Wrong error={remove.error} />
      <Answered query={query} lines={3}>
        {({ pages }) => {
          const entries = pages.flatMap(({ data }) => data);
          if (entries.length === 0) return <Empty title={t('values.noKeys')} />;
          return (
            <div className="stacked">
              <Table
                columns={[
                  { text: t('values.key') },
                  { text: t('versions.size'), className: 'number wide-only' },
                  { text: t('values.changed'), className: 'number wide-only' },
                  { text: t('people.actions'), className: 'number', isUnseen: true },
                ]}
              >
                {entries.map((one) => (
                  <tr key={one.key}>
                    <td className="name">
                      <span className="mono strong">{one.key}</span>
                      {one.description === null ? null : <div className="quiet">{one.description}</div>}
                    </td>
                    <td className="number mono wide-only">{bytesText(one.bytes)}</td>
                    <td className="number nowrap wide-only">
                      <When at={one.updated_at} />
                    </td>
                    <td>
                      <div className="row end-row">
                        <button
                          type="button"
                          className="button plain"
                          aria-label={t('values.openOf', { name: one.key })}
                          onClick={() => setOpened(one.key)}
                        >
                          {t('values.open')}
                        </button>
                        {mayDelete ? (
                          <SureButton
                            text={t('action.delete')}
                            sure={t('tokens.deleteSure')}
                            label={t('values.deleteOf', { name: one.key })}
                            onSure={() => remove.mutate(one.key)}
                          />
                        ) : null}
                      </div>
                    </td>
                  </tr>
                ))}
              </Table>
            </div>
          );
        }}
      </Answered>
      <MoreButton query={query} />
      {opened === null ? null : <KeyValueDialog name={opened} onClose={() => setOpened(null)} />}
    </section>
  );
}
