// A link into an account for one of a product's own people: which features it opens, for how long. It is
// shown this once. Called by the page of an account.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { read } from '../../api/millrace.ts';
import { CopyButton } from '../../design/copy-button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { When } from '../../design/moment.tsx';
import { Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { type Account, operatorApi } from './operator-requests.ts';

const FEATURES = ['code', 'runs', 'inputs', 'variables', 'settings'] as const;
type Feature = (typeof FEATURES)[number];

export function PortalDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const where = useWhere();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [features, setFeatures] = useState<readonly Feature[]>(['code', 'runs']);
  const make = useMutation({
    mutationFn: () => {
      const body = {
        user: { id: email, name, email },
        ...{ role: 'developer' as const, mode: where.mode },
        features: features.map((feature) => ({ feature })),
      };
      const params = { path: { id: account.id } };
      return read(operatorApi(where).POST('/operator/accounts/{id}/portal-links', { params, body }));
    },
  });
  return (
    <Dialog
      title={t('accounts.portalLink')}
      onClose={onClose}
      onSubmit={() => make.mutate()}
      foot={
        make.data === undefined ? (
          <button type="submit" className="button primary" disabled={make.isPending || features.length === 0}>
            {t('accounts.makeLink')}
          </button>
        ) : (
          <button type="button" className="button" onClick={onClose}>
            {t('action.close')}
          </button>
        )
      }
    >
      {make.data === undefined ? (
        <>
          <p className="quiet">{t('accounts.portalExplain')}</p>
          <Field label={t('accounts.person')}>
            {(wiring) => (
              <input {...wiring} required value={name} onChange={({ target }) => setName(target.value)} />
            )}
          </Field>
          <Field label={t('signIn.email')}>
            {(wiring) => (
              <input
                {...wiring}
                required
                type="email"
                value={email}
                onChange={({ target }) => setEmail(target.value)}
              />
            )}
          </Field>
          <fieldset className="features">
            <legend>{t('accounts.features')}</legend>
            {FEATURES.map((feature) => (
              <label key={feature} className="check">
                <input
                  type="checkbox"
                  checked={features.includes(feature)}
                  onChange={({ target }) =>
                    setFeatures(
                      target.checked ? [...features, feature] : features.filter((one) => one !== feature),
                    )
                  }
                />
                {t(`accounts.feature.${feature}`)}
              </label>
            ))}
          </fieldset>
        </>
      ) : (
        <>
          <p>
            {t('accounts.linkMade')} <When at={make.data.expires_at} />
          </p>
          <code className="code wrap portal-url">{make.data.url}</code>
          <div>
            <CopyButton text={make.data.url}>{t('people.copyLink')}</CopyButton>
          </div>
        </>
      )}
      <Wrong error={make.error} />
    </Dialog>
  );
}
