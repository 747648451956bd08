// Passkeys of the person: keys of their devices, by which they sign in without a password.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { millraceOf, read } from '../../api/millrace.ts';
import { addPasskey, hasPasskeys, isBrokenOff } from '../../api/passkeys.ts';
import { Field } from '../../design/field.tsx';
import { When } from '../../design/moment.tsx';
import { Answered, Wrong } from '../../design/states.tsx';
import { t } from '../../texts/translate.ts';
import { OwnPassword, wrongPassword } from './own-password.tsx';
import { passkeysQuery } from './you-requests.ts';

export function PasskeyPart() {
  const queries = useQueryClient();
  const query = useQuery(passkeysQuery);
  const [isAdding, setAdding] = useState(false);
  const remove = useMutation({
    mutationFn: (id: string) =>
      read(millraceOf(null).DELETE('/session/passkeys/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: passkeysQuery.queryKey }),
  });
  return (
    <section className="you-part" aria-labelledby="passkeys">
      <h2 id="passkeys">{t('you.passkeys')}</h2>
      <p className="quiet">{t('you.passkeysExplain')}</p>
      <Answered query={query} lines={2}>
        {({ data }) =>
          data.length === 0 ? null : (
            <div className="table-wrap">
              <table className="table">
                <thead>
                  <tr>
                    <th>{t('you.name')}</th>
                    <th>{t('you.used')}</th>
                    <th className="number">
                      <span className="unseen">{t('people.actions')}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {data.map((one) => (
                    <tr key={one.id}>
                      <td>{one.name}</td>
                      <td>
                        <When at={one.last_used_at} />
                      </td>
                      <td className="number">
                        <button
                          type="button"
                          className="button plain danger"
                          onClick={() => remove.mutate(one.id)}
                        >
                          {t('people.remove')}
                        </button>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Answered>
      <Wrong error={remove.error} />
      {isAdding ? (
        <AddPasskey onDone={() => setAdding(false)} />
      ) : (
        <button type="button" className="button" disabled={!hasPasskeys()} onClick={() => setAdding(true)}>
          {t('you.addPasskey')}
        </button>
      )}
      {hasPasskeys() ? null : <p className="quiet">{t('you.noPasskeys')}</p>}
    </section>
  );
}

function AddPasskey({ onDone }: { onDone: () => void }) {
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const [name, setName] = useState('');
  const add = useMutation({
    mutationFn: () => addPasskey(password, name),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: passkeysQuery.queryKey });
      onDone();
    },
  });
  const isShown = wrongPassword(add.error) !== null || isBrokenOff(add.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Field label={t('you.passkeyName')} hint={t('you.passkeyNameHint')}>
        {(wiring) => (
          <input
            {...wiring}
            required
            maxLength={200}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <OwnPassword value={password} onChange={setPassword} error={add.error} />
      <Wrong error={isShown ? null : add.error} />
      <div className="row">
        <button type="submit" className="button primary" disabled={add.isPending}>
          {t('you.addPasskey')}
        </button>
        <button type="button" className="button" onClick={onDone}>
          {t('action.cancel')}
        </button>
      </div>
    </form>
  );
}
