// What an account may use, in words, and changed by its operator: empty is the installation's default, 0 no
// limit.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Refusal, read } from '../../api/millrace.ts';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { useToast } from '../../design/toasts.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { type Account, operatorApi, operatorKey } from './operator-requests.ts';

const LIMITS = [
  'runs_per_minute',
  'execution_seconds_per_minute',
  'concurrent_runs',
  'queued_runs',
  'payload_bytes',
] as const;
type Limit = (typeof LIMITS)[number];

export function AccountLimits({ account }: { account: Account }) {
  const where = useWhere();
  const say = useToast();
  const queries = useQueryClient();
  const [typed, setTyped] = useState<Partial<Record<Limit, string>>>({});
  const save = useMutation({
    mutationFn: () => {
      const limits = Object.fromEntries(
        Object.entries(typed).map(([name, text]) => [name, text.trim() === '' ? null : Number(text)]),
      );
      const params = { path: { id: account.id } };
      return read(operatorApi(where).PATCH('/operator/accounts/{id}', { params, body: { limits } }));
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: operatorKey(where) });
      say(t('settings.saved'));
    },
  });
  const refused = save.error instanceof Refusal ? save.error : null;
  const isAt = (limit: Limit) => refused?.field?.endsWith(limit) === true;
  return (
    <form
      className="operator-part"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <h2>{t('limits.title')}</h2>
      <p className="quiet">{t('accounts.limitsExplain')}</p>
      <div className="limit-fields">
        {LIMITS.map((limit) => (
          <Field
            key={limit}
            label={t(`limits.${limit}`)}
            wrong={isAt(limit) ? (refused?.message ?? null) : null}
          >
            {(wiring) => (
              <input
                {...wiring}
                type="number"
                min={0}
                placeholder={t('limits.no')}
                value={typed[limit] ?? String(account.limits[limit] ?? '')}
                onChange={({ target }) => setTyped({ ...typed, [limit]: target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      <div>
        <button type="submit" className="button" disabled={save.isPending || Object.keys(typed).length === 0}>
          {t('accounts.saveLimits')}
        </button>
      </div>
      <Wrong error={LIMITS.some(isAt) ? null : save.error} />
    </form>
  );
}
