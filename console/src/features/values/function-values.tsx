// Values of the account by name: every function sees them in its environment. A sealed one is never shown
// again.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { read } from '../../api/millrace.ts';
import { When } from '../../design/moment.tsx';
import { Answered, Empty, Wrong } from '../../design/states.tsx';
import { SureButton } from '../../design/sure-button.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { ValueDialog } from './value-dialog.tsx';
import { type Value, valuesQuery } from './value-requests.ts';

export function FunctionValues() {
  const where = useWhere();
  const { api } = where;
  const query = useQuery(valuesQuery(where));
  const queries = useQueryClient();
  const mayChange = useMay('function_values', 'update');
  const mayDelete = useMay('function_values', 'delete');
  const [changed, setChanged] = useState<Value | null>(null);
  const remove = useMutation({
    mutationFn: (id: string) => read(api.DELETE('/function-values/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: valuesQuery(where).queryKey }),
  });
  return (
    <section>
      <h2>{t('values.values')}</h2>
      <p className="quiet">{t('values.valuesExplain')}</p>
      <Wrong error={remove.error} />
      <Answered query={query} lines={3}>
        {(values) =>
          values.length === 0 ? (
            <Empty title={t('values.none')} />
          ) : (
            <div className="stacked">
              <Table
                columns={[
                  { text: t('variables.name') },
                  { text: t('variables.value') },
                  { text: t('values.changed'), className: 'number wide-only' },
                  { text: t('people.actions'), className: 'number', isUnseen: true },
                ]}
              >
                {values.map((one) => (
                  <tr key={one.id}>
                    <td className="name">
                      <span className="mono strong">{one.name}</span>
                      {one.description === null ? null : <div className="quiet">{one.description}</div>}
                    </td>
                    <td className="name mono">
                      {one.encrypted ? <span className="quiet">{t('values.sealed')}</span> : one.value}
                    </td>
                    <td className="number nowrap wide-only">
                      <When at={one.updated_at} />
                    </td>
                    <td>
                      <div className="row end-row">
                        {mayChange ? (
                          <button
                            type="button"
                            className="button plain"
                            aria-label={t('values.changeOf', { name: one.name })}
                            onClick={() => setChanged(one)}
                          >
                            {t('values.change')}
                          </button>
                        ) : null}
                        {mayDelete ? (
                          <SureButton
                            text={t('action.delete')}
                            sure={t('tokens.deleteSure')}
                            label={t('values.deleteOf', { name: one.name })}
                            onSure={() => remove.mutate(one.id)}
                          />
                        ) : null}
                      </div>
                    </td>
                  </tr>
                ))}
              </Table>
            </div>
          )
        }
      </Answered>
      {changed === null ? null : <ValueDialog value={changed} onClose={() => setChanged(null)} />}
    </section>
  );
}
