// Makes an account, and opens it. Called by the list of accounts.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Refusal, read } from '../../api/millrace.ts';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { operatorApi, operatorKey } from './operator-requests.ts';

export function NewAccount({ onClose }: { onClose: () => void }) {
  const where = useWhere();
  const { account, mode } = where;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [external, setExternal] = useState('');
  const make = useMutation({
    mutationFn: () => {
      const body = { name, ...(external === '' ? {} : { external_id: external }) };
      return read(operatorApi(where).POST('/operator/accounts', { body }));
    },
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: operatorKey(where) });
      void navigate({ to: '/$account/$mode/operator/accounts/$id', params: { account, mode, id } });
    },
  });
  const refused = make.error instanceof Refusal ? make.error : null;
  return (
    <Dialog
      title={t('accounts.new')}
      onClose={onClose}
      onSubmit={() => make.mutate()}
      foot={
        <button type="submit" className="button primary" disabled={make.isPending}>
          {t('accounts.make')}
        </button>
      }
    >
      <Field label={t('accounts.name')}>
        {(wiring) => (
          <input {...wiring} required value={name} onChange={({ target }) => setName(target.value)} />
        )}
      </Field>
      <Field
        label={t('accounts.external')}
        hint={t('accounts.externalHint')}
        wrong={refused?.field === 'external_id' ? refused.message : null}
      >
        {(wiring) => (
          <input {...wiring} value={external} onChange={({ target }) => setExternal(target.value)} />
        )}
      </Field>
      <Wrong error={refused?.field === 'external_id' ? null : make.error} />
    </Dialog>
  );
}
