// The tokens of programs, in the mode of the page: made, shown once, deleted. Part of the room of people.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { CopyButton } from '../../design/copy-button.tsx';
import { When } from '../../design/moment.tsx';
import { Answered, Empty, Wrong } from '../../design/states.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { sessionQuery, useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { deleteToken, makeToken, permissionsIn, tokensQuery } from './people-requests.ts';

export function Tokens() {
  const where = useWhere();
  const queries = useQueryClient();
  const query = useQuery(tokensQuery(where));
  const mayCreate = useMay('auths', 'create');
  const session = useQuery(sessionQuery);
  const mayDelete = useMay('auths', 'delete');
  const [name, setName] = useState('');
  const [sureOf, setSureOf] = useState<string | null>(null);
  const again = () => queries.invalidateQueries({ queryKey: tokensQuery(where).queryKey });
  const make = useMutation({
    mutationFn: () => makeToken(where, name, permissionsIn(session.data, where.account)),
    onSuccess: () => {
      setName('');
      return again();
    },
  });
  const remove = useMutation({ mutationFn: (id: string) => deleteToken(where, id), onSuccess: again });
  return (
    <section className="stack">
      <h2>{t('tokens.title')}</h2>
      {mayCreate ? (
        <form
          className="row new-token"
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate();
          }}
        >
          <input
            className="input"
            required
            aria-label={t('tokens.name')}
            placeholder={t('tokens.name')}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
          <button type="submit" className="button" disabled={make.isPending}>
            {t('tokens.make')}
          </button>
          <span className="quiet">{t('tokens.everything')}</span>
        </form>
      ) : null}
      {make.data === undefined ? null : (
        <div className="notice" role="status">
          <span>{t('tokens.once')}</span>
          <code className="shown-once">{make.data.token}</code>
          <CopyButton text={make.data.token}>{t('tokens.copy')}</CopyButton>
        </div>
      )}
      <Wrong error={make.error ?? remove.error} />
      <Answered query={query} lines={3}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title={t('tokens.none')} />
          ) : (
            <Table
              columns={[
                { text: t('tokens.name') },
                { text: t('tokens.token'), className: 'wide-only' },
                { text: t('tokens.used'), className: 'wide-only' },
                { text: t('people.actions'), isUnseen: true },
              ]}
            >
              {data.map((token) => (
                <tr key={token.id}>
                  <td className="name">
                    {token.name ?? <span className="quiet">{t('tokens.unnamed')}</span>}
                  </td>
                  <td className="mono quiet wide-only">{token.masked}</td>
                  <td className="wide-only nowrap">
                    <When at={token.last_used_at} />
                  </td>
                  <td className="number">
                    {mayDelete ? (
                      <button
                        type="button"
                        className="button plain danger"
                        onBlur={() => setSureOf(null)}
                        onClick={() => (sureOf === token.id ? remove.mutate(token.id) : setSureOf(token.id))}
                      >
                        {t(sureOf === token.id ? 'tokens.deleteSure' : 'action.delete')}
                      </button>
                    ) : null}
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Answered>
    </section>
  );
}
